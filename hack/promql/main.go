// Command promql answers queries over scrapes, by the parser and the engine of Prometheus itself. It reads one JSON document from standard
// input, and prints the answers in the order of the queries.
package main

import (
	"context"
	"encoding/json"
	"log"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// A scrape is the text that a process answered, and what Prometheus adds to each of its series.
type scrape struct {
	At     int64             `json:"at"`
	Text   string            `json:"text"`
	Labels map[string]string `json:"labels"`
}

type query struct {
	At   int64  `json:"at"`
	Expr string `json:"expr"`
}

type sample struct {
	Labels map[string]string `json:"labels"`
	// As text: JSON has neither NaN nor infinities.
	Value string `json:"value"`
}

type answer struct {
	Samples []sample `json:"samples,omitempty"`
	Error   string   `json:"error,omitempty"`
}

func main() {
	var asked struct {
		Scrapes []scrape `json:"scrapes"`
		Queries []query  `json:"queries"`
	}
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	scraped := &memory{series: map[string]*series{}}
	for _, each := range asked.Scrapes {
		must(scraped.keep(each))
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e6, Timeout: time.Minute})
	answers := []answer{}
	for _, each := range asked.Queries {
		answers = append(answers, ask(engine, scraped, each))
	}
	must(json.NewEncoder(os.Stdout).Encode(answers))
}

func ask(engine *promql.Engine, scraped *memory, each query) answer {
	asked, err := engine.NewInstantQuery(context.Background(), scraped, nil, each.Expr, time.Unix(each.At, 0))
	if err != nil {
		return answer{Error: err.Error()}
	}
	defer asked.Close()
	result := asked.Exec(context.Background())
	if result.Err != nil {
		return answer{Error: result.Err.Error()}
	}
	switch value := result.Value.(type) {
	case promql.Vector:
		samples := []sample{}
		for _, one := range value {
			samples = append(samples, sample{Labels: one.Metric.Map(), Value: said(one.F)})
		}
		return answer{Samples: samples}
	case promql.Scalar:
		return answer{Samples: []sample{{Labels: map[string]string{}, Value: said(value.V)}}}
	default:
		return answer{Error: "a " + string(result.Value.Type()) + " is nothing that a panel or an alert shows"}
	}
}

func said(value float64) string {
	if math.IsNaN(value) {
		return "NaN"
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
