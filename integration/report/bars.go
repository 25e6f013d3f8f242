package main

import (
	"fmt"
	"slices"
	"strings"
)

// bar is a limit that was set before anything was measured, and the figures that it is for.
type bar struct {
	text    string
	limit   float64
	atLeast bool // whether figures must not be below the limit; else, not above it
	figures func(s samples, unit string) []figure
	unit    string // "" for the time
	extra   bool   // whether nobody asked for it
}

// figure is one value that a bar is for.
type figure struct {
	label string
	value float64 // 0 if it was not measured
}

var sizes = []string{"1KB", "64KB", "1MB", "16MB"}

var bars = []bar{
	{text: "Parse is at least 5 times as fast as envparse, the fastest peer", limit: 5, atLeast: true, figures: parseRatios("envparse", "Parse", "bulk")},
	{text: "Parse is at least 20 times as fast as godotenv", limit: 20, atLeast: true, figures: parseRatios("godotenv", "Parse", "bulk", "rich")},
	{text: "Parse takes at most 1.5 times the slice floor", limit: 1.5, figures: parseRatios("Parse", "floor-slice", "bulk", "rich")},
	{text: "Parse and All take at most 1.2 times the map floor", limit: 1.2, figures: parseRatios("Parse+All", "floor-map", "bulk", "rich")},
	{text: "Parse is at least 8 times as fast as dotenv in V8", limit: 8, atLeast: true, figures: nodeRatios("Parse")},
	{text: "Parse and All are at least 8 times as fast as dotenv in V8", limit: 8, atLeast: true, figures: nodeRatios("Parse+All"), extra: true},
	{text: "Parse makes at most 4 allocations, whatever the size of the text", limit: 4, figures: allocations, unit: allocs},
	{text: "Parse allocates at most 3 bytes for each byte of the text", limit: 3, figures: memory("Parse"), unit: bytesOp},
	{text: "Parse and All allocate at most 3 bytes for each byte of the text", limit: 3, figures: memory("Parse+All"), unit: bytesOp},
	{text: "Parse takes at most 4 times as long for a byte of the worst text as of a typical one", limit: 4, figures: worstRatios("parse"), unit: fastest},
	{text: "The example project is resolved at least 200 times as fast as by wrangler, each library in a process of its own", limit: 200, atLeast: true, figures: processRatio("library")},
	{text: "The example project is resolved at least 200 times as fast by the command workerenv as by a program that uses wrangler", limit: 200, atLeast: true, figures: processRatio("workerenv"), extra: true},
	{text: "Env.Lookup takes at most 1.5 times a look-up in a Go map", limit: 1.5, figures: lookupRatios},
	{text: "Env.Lookup does not allocate", limit: 0, figures: lookupAllocations, unit: "allocs/run"},
	{text: "An edit of one secret of 128 bindings takes at most 15 µs", limit: 15, figures: curve(1e3, "Edit/{}")},
	{text: "Pick and a look-up in the Env take at most 100 ns", limit: 100, figures: curve(1, "Pick/{}")},
	{text: "Pick and a look-up in the Env do not allocate", limit: 0, figures: curve(1, "Pick/{}"), unit: allocs},
	{text: "A history of 10,000 versions is loaded in at most 100 ms", limit: 100, figures: loads},
	{text: "1,000,000 versions take at most 2 GiB of memory", limit: 2, figures: resident, unit: perVersion},
	{text: "A request to the control plane allocates at most 3 times the bytes of a bare handler", limit: 3, figures: serveRatios, unit: bytesOp},
}

func parseRatios(a, b string, documents ...string) func(samples, string) []figure {
	return func(s samples, unit string) (list []figure) {
		for _, d := range documents {
			for _, size := range sizes {
				at := d + "/" + size
				list = append(list, figure{d + " " + size, s.ratio("Parse/"+at+"/"+a, "Parse/"+at+"/"+b, unit)})
			}
		}
		return list
	}
}

func nodeRatios(ours string) func(samples, string) []figure {
	return func(s samples, unit string) (list []figure) {
		for _, d := range []string{"bulk", "rich"} {
			for _, size := range sizes {
				at := "Node/" + d + "/" + size + "/"
				list = append(list, figure{d + " " + size, s.ratio(at+"dotenv", at+ours, unit)})
			}
		}
		return list
	}
}

func allocations(s samples, unit string) (list []figure) {
	for _, d := range []string{"bulk", "rich"} {
		for _, size := range sizes {
			list = append(list, figure{d + " " + size, s.typical("Parse/"+d+"/"+size+"/Parse", unit)})
		}
	}
	return list
}

func memory(ours string) func(samples, string) []figure {
	return func(s samples, unit string) (list []figure) {
		for _, d := range []string{"bulk", "rich"} {
			for _, size := range sizes {
				list = append(list, figure{d + " " + size, s.typical("Parse/"+d+"/"+size+"/"+ours, unit) / bytesOf(size)})
			}
		}
		return list
	}
}

func worstRatios(operation string) func(samples, string) []figure {
	return func(s samples, unit string) (list []figure) {
		for _, size := range []string{"1MB", "16MB"} {
			for _, shape := range s.shapes(operation, size) {
				at := "Growth/" + operation + "/"
				list = append(list, figure{shape + " " + size, s.ratio(at+shape+"/"+size, at+"typical/"+size, unit)})
			}
		}
		return list
	}
}

func processRatio(ours string) func(samples, string) []figure {
	return func(s samples, _ string) []figure {
		return []figure{{"shop", s.ratio("Process/shop/wrangler", "Process/shop/"+ours, mean)}}
	}
}

func lookupRatios(s samples, unit string) (list []figure) {
	for _, n := range []string{"8", "128"} {
		list = append(list, figure{n + " names", s.ratio("Lookup/"+n+"/Env", "Lookup/"+n+"/map", unit)})
	}
	return list
}

func lookupAllocations(s samples, unit string) []figure {
	return []figure{{"128 names", s.typical("Lookup/128/Env", unit)}}
}

// shapes returns the names of the shapes that were measured at a size, but for the typical one, in alphabetical order.
func (s samples) shapes(operation, size string) []string {
	var list []string
	for name := range s {
		rest, ok := strings.CutPrefix(name, "Growth/"+operation+"/")
		shape, ok2 := strings.CutSuffix(rest, "/"+size)
		if ok && ok2 && shape != "typical" {
			list = append(list, shape)
		}
	}
	slices.Sort(list)
	return list
}

// bytesOf returns the bytes that a size stands for.
func bytesOf(size string) float64 {
	var n float64
	var unit string
	fmt.Sscanf(size, "%f%s", &n, &unit)
	return n * map[string]float64{"KB": 1 << 10, "MB": 1 << 20}[unit]
}

// worst returns the figure that is nearest to the wrong side of the limit, and whether there is one.
func (b bar) worst(s samples, unit string) (figure, bool) {
	var worst figure
	found := false
	for _, f := range b.figures(s, unit) {
		if f.value == 0 && b.limit != 0 {
			continue
		}
		if !found || b.atLeast == (f.value < worst.value) {
			worst, found = f, true
		}
	}
	return worst, found
}

func (b bar) met(f figure) bool {
	if b.atLeast {
		return f.value >= b.limit
	}
	return f.value <= b.limit
}

// row returns the bar as a row of a table: its text, the worst figure by the mean, the same by the fastest runs, and whether
// it is met.
func (b bar) row(s samples) []string {
	unit := b.unit
	if unit == "" {
		unit = mean
	}
	f, ok := b.worst(s, unit)
	if !ok {
		return []string{b.text, "not measured", "", ""}
	}
	met := "yes"
	if !b.met(f) {
		met = "**no**"
		if b.extra {
			met = "no; a bar of our own"
		}
	}
	second := ""
	if b.unit == "" {
		if f, ok := b.worst(s, fastest); ok {
			second = fmt.Sprintf("%s (%s)", number(f.value), plain(f.label))
		}
	}
	return []string{b.text, fmt.Sprintf("%s (%s)", number(f.value), plain(f.label)), second, met}
}
