package main

import (
	"slices"
	"strconv"
	"strings"
)

const versionsText = `What a history of so many versions costs, of a Worker with 128 vars where nothing else is said: each version but the first puts one of seven secrets.
"Edit" is the rules alone: the new version, its deployment, and the record for a store. "Update" keeps it in a MemStore, too. "Load" reads
the whole log, and the Env of the deployed version. "One new record" is what a History reads that has all others. "Pick" finds the version for
a key in a gradual deployment, and then a secret in its Env.`

const residentText = `The memory of Workers of 100 versions each, in a MemStore and in their histories: 10 vars, and secrets with values of their own.`

// lengths are those of histories.
var lengths = []int{10, 100, 1_000, 10_000}

// curves are the benchmarks of histories: {} stands for the length.
var curves = []struct{ text, name string }{
	{"edit", "Edit/{}"},
	{"update", "Update/{}"},
	{"load, 10 vars", "Load/vars=10/{}"},
	{"load, 128 vars", "Load/vars=128/{}"},
	{"one new record", "Refresh/{}"},
	{"Pick and look-up", "Pick/{}"},
}

// ofLength returns the name of a benchmark for a length.
func ofLength(name string, n int) string {
	return strings.Replace(name, "{}", "versions="+strconv.Itoa(n), 1)
}

// curve returns the figures of some benchmarks for all lengths, in parts of scale.
func curve(scale float64, names ...string) func(samples, string) []figure {
	return func(s samples, unit string) (list []figure) {
		for _, name := range names {
			for _, n := range lengths {
				list = append(list, s.figures(ofLength(name, n), unit, scale, count(n)+" versions")...)
			}
		}
		return list
	}
}

// figures returns what was measured under a name, if it was, in parts of scale.
func (s samples) figures(name, unit string, scale float64, label string) []figure {
	if len(s.all(name, unit)) == 0 {
		return nil
	}
	return []figure{{label, s.typical(name, unit) / scale}}
}

func loads(s samples, unit string) []figure {
	const most = 10_000
	return slices.Concat(s.figures(ofLength("Load/vars=10/{}", most), unit, 1e6, "10 vars"), s.figures(ofLength("Load/vars=128/{}", most), unit, 1e6, "128 vars"))
}

// perVersion is the unit of resident memory.
const perVersion = "B/version"

func resident(s samples, unit string) []figure {
	const gigabytes = 1 << 30 / 1e6 // a million times so many bytes
	return s.figures("Resident/workers=10000", unit, gigabytes, "10,000 Workers")
}

func (s samples) versionRows() [][]string {
	var list [][]string
	for _, c := range curves {
		times, sizes := []string{c.text}, []string{c.text + ", bytes allocated"}
		for _, n := range lengths {
			times = append(times, duration(s.typical(ofLength(c.name, n), mean)))
			sizes = append(sizes, amount(s.typical(ofLength(c.name, n), bytesOp)))
		}
		list = append(list, times)
		if strings.HasPrefix(c.name, "Edit") {
			list = append(list, sizes)
		}
	}
	return list
}

func (s samples) residentRows() [][]string {
	return mapped([]int{10, 100, 1_000, 10_000}, func(workers int) []string {
		bytes := s.typical("Resident/workers="+strconv.Itoa(workers), perVersion)
		return []string{count(workers * 100), measured(bytes), measured(bytes * float64(workers*100) / (1 << 20))}
	})
}

// amount is count for a figure that may be missing.
func amount(f float64) string {
	if f == 0 {
		return "-"
	}
	return count(int(f))
}

// count prints a whole number with commas.
func count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
