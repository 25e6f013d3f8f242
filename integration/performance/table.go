package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// benchmark is the result of all runs of one benchmark.
type benchmark struct {
	name    string
	figures map[string][]float64 // by unit, one for each run
}

// parse reads the output of go test -bench. The benchmarks come in the order of their first results.
func parse(output string) []*benchmark {
	var list []*benchmark
	for line := range strings.Lines(output) {
		name, rest, ok := strings.Cut(line, "\t") // a name may have spaces
		if !ok || !strings.HasPrefix(name, "Benchmark") {
			continue
		}
		name = withoutProcs(strings.TrimSpace(strings.TrimPrefix(name, "Benchmark")))
		i := slices.IndexFunc(list, func(b *benchmark) bool { return b.name == name })
		if i < 0 {
			i = len(list)
			list = append(list, &benchmark{name, map[string][]float64{}})
		}
		words := strings.Fields(rest)
		for j := 1; j+1 < len(words); j += 2 {
			if f, err := strconv.ParseFloat(words[j], 64); err == nil {
				list[i].figures[words[j+1]] = append(list[i].figures[words[j+1]], f)
			}
		}
	}
	return list
}

// withoutProcs removes the -N that the testing package appends to a name.
func withoutProcs(name string) string {
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		if _, err := strconv.Atoi(name[i+1:]); err == nil {
			return name[:i]
		}
	}
	return name
}

type column struct {
	unit, title string
	format      func(float64) string
}

// columns are units that have a column of their own, as those that end in -ns have. Other units share the
// last column. Columns without figures are omitted.
var columns = []column{
	{"ns/op", "time", formatTime},
	{"MB/s", "MB/s", formatNumber},
	{"B/op", "bytes allocated", formatNumber},
	{"allocs/op", "allocations", formatNumber},
}

// writeTable writes the medians as a table in Markdown.
func writeTable(w io.Writer, list []*benchmark) {
	rows := [][]string{{"benchmark"}, {"---"}}
	for _, b := range list {
		rows = append(rows, []string{strings.ReplaceAll(b.name, "_", " ")})
	}
	add := func(title string, cell func(b *benchmark) string) {
		column := []string{title, "---"}
		for _, b := range list {
			column = append(column, cell(b))
		}
		if strings.Join(column[2:], "") == "" {
			return
		}
		for i := range rows {
			rows[i] = append(rows[i], column[i])
		}
	}
	for _, c := range slices.Concat(columns, times(list)) {
		add(c.title, func(b *benchmark) string { return b.format(c.unit, c.format) })
	}
	add("other", (*benchmark).others)
	for _, row := range rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
	}
}

// times returns the columns of the units that end in -ns or -ns/op, such as p99-ns.
func times(list []*benchmark) (found []column) {
	for _, b := range list {
		for _, unit := range slices.Sorted(maps.Keys(b.figures)) {
			title, ok := strings.CutSuffix(strings.TrimSuffix(unit, "/op"), "-ns")
			if ok && !slices.ContainsFunc(found, func(c column) bool { return c.unit == unit }) {
				found = append(found, column{unit, title, formatTime})
			}
		}
	}
	slices.SortFunc(found, func(a, b column) int { return strings.Compare(a.title, b.title) })
	return found
}

// others returns the medians of the units without a column.
func (b *benchmark) others() string {
	var list []string
	withColumn := slices.Concat(columns, times([]*benchmark{b}))
	for _, unit := range slices.Sorted(maps.Keys(b.figures)) {
		if !slices.ContainsFunc(withColumn, func(c column) bool { return c.unit == unit }) {
			list = append(list, b.format(unit, formatNumber)+" "+unit)
		}
	}
	return strings.Join(list, ", ")
}

// format returns the median of the figures of a unit, or "" if there are none.
func (b *benchmark) format(unit string, format func(float64) string) string {
	figures := slices.Sorted(slices.Values(b.figures[unit]))
	n := len(figures)
	if n == 0 {
		return ""
	}
	return format((figures[(n-1)/2] + figures[n/2]) / 2)
}

func formatTime(ns float64) string {
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"s", time.Second}, {"ms", time.Millisecond}, {"µs", time.Microsecond}} {
		if ns >= float64(u.size) {
			return formatNumber(ns/float64(u.size)) + " " + u.name
		}
	}
	return formatNumber(ns) + " ns"
}

// formatNumber prints three significant digits, or all digits of the integer part if it has more.
func formatNumber(f float64) string {
	if f < 999.5 {
		return strconv.FormatFloat(f, 'g', 3, 64)
	}
	text := strconv.FormatFloat(f, 'f', 0, 64)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
