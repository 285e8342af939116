package main

import (
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// number is a number at a moment; the processes tell nothing else.
type number struct {
	at    int64
	value float64
}

func (n number) T() int64                      { return n.at }
func (n number) ST() int64                     { return 0 }
func (n number) F() float64                    { return n.value }
func (n number) H() *histogram.Histogram       { return nil }
func (n number) FH() *histogram.FloatHistogram { return nil }
func (n number) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (n number) Copy() chunks.Sample           { return n }
