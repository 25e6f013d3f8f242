package main

import (
	"bufio"
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// samples holds what benchmarks reported: for each name, in the order of the runs, the figures by unit.
type samples map[string][]map[string]float64

// parse adds the lines of the text that are results of Go benchmarks.
func (s samples) parse(text []byte) {
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		figures := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			figures[fields[i+1]], _ = strconv.ParseFloat(fields[i], 64)
		}
		name := withoutProcs(strings.TrimPrefix(fields[0], "Benchmark"))
		s[name] = append(s[name], figures)
	}
}

// withoutProcs takes away the number of processors that Go writes behind a name.
func withoutProcs(name string) string {
	i := strings.LastIndexByte(name, '-')
	if i < 0 {
		return name
	}
	if _, err := strconv.Atoi(name[i+1:]); err != nil {
		return name
	}
	return name[:i]
}

// Units of figures. The time of the fastest run is free of what else the machine does, and of garbage collection. Benchmarks that do not
// report it have the mean of each round in its place.
const (
	mean    = "ns/op"
	fastest = "best-ns/op"
	bytesOp = "B/op"
	allocs  = "allocs/op"
)

// all returns the figures of one unit, in order.
func (s samples) all(name, unit string) []float64 {
	var list []float64
	for _, figures := range s[name] {
		f, ok := figures[unit]
		if !ok && unit == fastest {
			f, ok = figures[mean]
		}
		if ok {
			list = append(list, f)
		}
	}
	return list
}

// typical returns the median of the means, or the least of the fastest; 0 if there is none.
func (s samples) typical(name, unit string) float64 {
	list := s.all(name, unit)
	switch {
	case len(list) == 0:
		return 0
	case unit == fastest:
		return slices.Min(list)
	}
	return median(list)
}

// ratio returns how many times as much a took as b: the median of the ratios in each round or, for the fastest runs, the ratio
// of the fastest of all rounds; 0 if one of them is missing.
func (s samples) ratio(a, b, unit string) float64 {
	as, bs := s.all(a, unit), s.all(b, unit)
	if len(as) == 0 || len(as) != len(bs) {
		return 0
	}
	if unit == fastest {
		return slices.Min(as) / slices.Min(bs)
	}
	ratios := make([]float64, len(as))
	for i := range as {
		ratios[i] = as[i] / bs[i]
	}
	return median(ratios)
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
