package main

import (
	"errors"
	"io"
	"math"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// memory holds what was scraped, series by series.
type memory struct {
	series map[string]*series
}

type series struct {
	labels  labels.Labels
	samples []chunks.Sample
}

// keep reads one scrape. As Prometheus does, it marks as stale what the scrape before told and this one does not.
func (m *memory) keep(each scrape) error {
	at := each.At * 1000
	read := textparse.NewPromParser([]byte(each.Text), labels.NewSymbolTable(), false)
	for {
		entry, err := read.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if entry != textparse.EntrySeries {
			continue
		}
		var own labels.Labels
		read.Labels(&own)
		_, _, told := read.Series()
		m.add(withAdded(own, each.Labels), at, told)
	}
	for _, one := range m.series {
		if last := one.samples[len(one.samples)-1]; of(each, one) && last.T() < at && !value.IsStaleNaN(last.F()) {
			m.add(one.labels, at, math.Float64frombits(value.StaleNaN))
		}
	}
	return nil
}

func (m *memory) add(of labels.Labels, at int64, told float64) {
	key := of.String()
	if m.series[key] == nil {
		m.series[key] = &series{labels: of}
	}
	m.series[key].samples = append(m.series[key].samples, number{at, told})
}

func withAdded(own labels.Labels, added map[string]string) labels.Labels {
	builder := labels.NewBuilder(own)
	for name, word := range added {
		builder.Set(name, word)
	}
	return builder.Labels()
}

// of says whether a series is one of the process that was scraped.
func of(each scrape, one *series) bool {
	for name, word := range each.Labels {
		if one.labels.Get(name) != word {
			return false
		}
	}
	return true
}

func (m *memory) Querier(int64, int64) (storage.Querier, error) {
	return &storage.MockQuerier{SelectMockFunction: m.selected}, nil
}

func (m *memory) selected(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	set := &found{}
	for _, one := range m.series {
		if matches(one.labels, matchers) {
			set.series = append(set.series, storage.NewListSeries(one.labels, one.samples))
		}
	}
	return set
}

func matches(of labels.Labels, matchers []*labels.Matcher) bool {
	for _, matcher := range matchers {
		if !matcher.Matches(of.Get(matcher.Name)) {
			return false
		}
	}
	return true
}

type found struct {
	series []storage.Series
	at     storage.Series
}

func (f *found) Next() bool {
	if len(f.series) == 0 {
		return false
	}
	f.at, f.series = f.series[0], f.series[1:]
	return true
}

func (f *found) At() storage.Series                { return f.at }
func (f *found) Err() error                        { return nil }
func (f *found) Warnings() annotations.Annotations { return nil }
