package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// document returns docs/performance.md.
func document(s samples, setting map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, intro, setting["date"], setting["machine"], setting["go"], setting["rounds"], setting["load before"], setting["load after"])
	section(&b, "The bars", barsText)
	table(&b, []string{"bar", "worst figure", "fastest runs", "met"}, mapped(bars, func(x bar) []string { return x.row(s) }))
	fmt.Fprintf(&b, "\n%s\n", limitsText)
	for _, d := range []string{"bulk", "rich"} {
		section(&b, "Parsing, "+d, map[string]string{"bulk": bulkText, "rich": richText}[d])
		table(&b, append([]string{"MB/s"}, append(slices.Clone(sizes), "allocations at 64KB", "bytes allocated for a byte")...), s.parseRows(d))
	}
	section(&b, "Beside node", nodeText)
	table(&b, append([]string{"times as fast as dotenv"}, sizes...), s.nodeRows())
	fmt.Fprintf(&b, "\n%s\n", s.processText())
	section(&b, "Everything else", elseText)
	table(&b, []string{"what", "median", "fastest run", "allocations"}, s.elseRows())
	section(&b, "Versions", versionsText)
	table(&b, append([]string{"versions"}, mapped(lengths, count)...), s.versionRows())
	fmt.Fprintf(&b, "\n%s\n\n", residentText)
	table(&b, []string{"versions", "bytes for each", "MiB"}, s.residentRows())
	section(&b, "Control plane", controlPlaneText)
	table(&b, serveHead, s.serveRows())
	section(&b, "Growth", growthText)
	table(&b, []string{"ns for a byte", "1MB", "4MB", "16MB", "64MB"}, s.growthRows())
	b.WriteString("\n![Time over size, both logarithmic](performance.svg)\n")
	section(&b, "The worst texts", worstText)
	table(&b, []string{"operation", "text", "ns for a byte", "times typical"}, s.worstRows())
	return b.String()
}

const intro = `# Performance

This file is written by a program, from nothing but what it measured:

    cd integration && WORKERENV_ORACLE=DIR go run ./report

DIR is a folder with the npm packages of internal/tools/oracle. Everything is measured in one run, round by round, each benchmark once in
a round. A figure is the median of the rounds, a ratio the median of the ratios within each round. "Fastest runs" are the fastest
single runs of all rounds: they are free of what else the machine did, and of garbage collection, which parsers that allocate
more have to pay for in the end.

| | |
|---|---|
| date | %s |
| machine | %s |
| Go | %s |
| rounds | %s |
| load of the machine before and after | %s, %s |
`

const barsText = `Limits that were set before there was code, each with the size or text where it is nearest to failing. Whether one is met is told
by the medians.`

const bulkText = `The common subset that all of these parsers read alike, which a test checks: about 75 bytes an entry. The floors are no parsers: they
cut at line ends and the first equals sign, and store what they find in a slice or a map.`

const richText = `With PEM of several lines, JSON and back quotes, which peers get through and do not all read correctly: about 130 bytes an entry.
envparse stops at the first value of several lines.`

const nodeText = `npm's dotenv 16.3.1 in a node process that has warmed up parses the same Buffer in turn with this library. A Go program of several
entries has to ask for All to have what dotenv returns.`

const elseText = `Sets have 128 bindings. A chain is B1=${B0}x, B2=${B1}x and so on.`

const growthText = `Typical text, a new File each time; fastest runs, since these are few. "edit" parses, sets a key that is not there and one that is, and deletes one; "resolve" reads a
project with a .dev.vars of that size as wrangler dev does, and lints it; "expand" parses first. Time for a byte would be level
if caches and garbage collection cost nothing.`

// limitsText is all that this program does not measure.
const limitsText = `What limits those that are not met, by profiles of 2026-11-23:

The worst texts: an assignment takes 55 ns of a typical text, and fills 75 bytes; the worst ones take 8 to 25 ns, and fill 3 to 5. The slice floor takes five to
ten times as long as Parse on most of these texts. Where quotes are left open, a third of the time is looking for the next quote.

The command: a program that does nothing but import net/http, which workerenv serve needs, takes 0.58 of its time until it ends, and
one that imports nothing 0.42. What is ours before main begins are 0.13 ms.`

const worstText = `For each operation the texts of 1 MB that take the longest for a byte in their fastest runs, of those in internal/sample: those on which other parsers take
quadratic time or die, and those that have the least bytes for each thing that there is to do. A typical text has 75 bytes for an entry, and most of
them are only copied; a text of ` + "`A=`" + ` lines has three. The slice floor, which does nothing but cut lines, shows what that alone costs. Nothing is slower than linear, which the test TestTimeGrowsAsSize checks on all of them.`

func section(b *strings.Builder, title, text string) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n", title, text)
}

func table(b *strings.Builder, head []string, rows [][]string) {
	fmt.Fprintf(b, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
	}
}

// mapped returns what f makes of each element.
func mapped[T, Out any](list []T, f func(T) Out) (all []Out) {
	for _, x := range list {
		all = append(all, f(x))
	}
	return all
}

// number prints three significant digits, and all digits of a larger or a whole number.
func number(f float64) string {
	switch {
	case f >= 100, f == math.Trunc(f):
		return fmt.Sprintf("%.0f", f)
	case f >= 10:
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.2f", f)
}

// measured is number for a figure that may be missing.
func measured(f float64) string {
	if f == 0 {
		return "-"
	}
	return number(f)
}

// plain returns a label as it may stand in a table.
func plain(label string) string {
	return strings.NewReplacer("_", " ", "|", `\|`, "`", "'", "#", `\#`).Replace(label)
}

// duration prints nanoseconds in the unit that fits.
func duration(ns float64) string {
	switch {
	case ns == 0:
		return "-"
	case ns < 1e3:
		return number(ns) + " ns"
	case ns < 1e6:
		return number(ns/1e3) + " µs"
	case ns < 1e9:
		return number(ns/1e6) + " ms"
	}
	return number(ns/1e9) + " s"
}

func (s samples) parseRows(doc string) [][]string {
	parsers := []string{"Parse", "Parse+All", "floor-slice", "floor-map", "envparse", "compose", "godotenv", "gotenv"}
	return mapped(parsers, func(p string) []string {
		row := []string{p}
		for _, size := range sizes {
			speed := 0.0
			if ns := s.typical("Parse/"+doc+"/"+size+"/"+p, mean); ns > 0 {
				speed = bytesOf(size) / ns * 1e3
			}
			row = append(row, measured(speed))
		}
		at := "Parse/" + doc + "/64KB/" + p
		return append(row, measured(s.typical(at, allocs)), measured(s.typical(at, bytesOp)/bytesOf("64KB")))
	})
}

func (s samples) nodeRows() [][]string {
	var list [][]string
	for _, d := range []string{"bulk", "rich"} {
		for _, p := range []string{"Parse", "Parse+All"} {
			row := []string{d + ", " + p}
			for _, size := range sizes {
				at := "Node/" + d + "/" + size + "/"
				row = append(row, measured(s.ratio(at+"dotenv", at+p, mean)))
			}
			list = append(list, row)
		}
	}
	return list
}

func (s samples) processText() string {
	if s.typical("Process/shop/wrangler", mean) == 0 {
		return "The example project beside wrangler was not measured."
	}
	took := func(name string) string { return duration(s.typical(name, mean)) }
	return fmt.Sprintf("The example project in processes that end, in turn: a program that uses wrangler 4.164.0 (unstable_getVarsForDev) %s, one that uses this library %s,\n"+
		"`workerenv env --json` %s. Both of ours are built with CGO_ENABLED=0. In a process that is there already, Load and Dev take %s.",
		took("Process/shop/wrangler"), took("Process/shop/library"), took("Process/shop/workerenv"), took("Resolve/shop"))
}

// others are the benchmarks of single things, with what to call them.
var others = []struct{ text, name string }{
	{"Env.Lookup, 8 names", "Lookup/8/Env"},
	{"the same in a Go map", "Lookup/8/map"},
	{"Env.Lookup, 128 names", "Lookup/128/Env"},
	{"the same in a Go map", "Lookup/128/map"},
	{"Set.With, one of 128", "Set/With/128"},
	{"NewSet of 128", "Set/NewSet/128"},
	{"Set.Env of 128", "Set/Env/128"},
	{"NewValue, a new text", "Value/new"},
	{"NewValue, a text in use", "Value/known"},
	{"Value.Reveal", "Value/Reveal"},
	{"Expand, a chain of 10", "Expand/chain/10"},
	{"Expand, a chain of 100", "Expand/chain/100"},
	{"Expand, a chain of 1,000", "Expand/chain/1000"},
	{"Expand, a chain of 10,000", "Expand/chain/10000"},
	{"File.Set, 1 MB", "File/Set/1MB"},
	{"File.Findings, 64 KB", "File/Findings/64KB"},
	{"Load and Dev, the example project", "Resolve/shop"},
}

func (s samples) elseRows() [][]string {
	return mapped(others, func(x struct{ text, name string }) []string {
		n := cmp.Or(s.typical(x.name, allocs), s.typical(x.name, "allocs/run"))
		return []string{x.text, duration(s.typical(x.name, mean)), duration(s.typical(x.name, fastest)), number(n)}
	})
}

// operations are those whose growth is measured, each with its typical text.
var operations = []struct{ name, typical string }{
	{"slice_floor", "typical"}, {"parse", "typical"}, {"parse+all", "typical"}, {"entries", "typical"}, {"edit", "typical"}, {"expand", "typical"},
	{"lint", "typical"}, {"resolve", ".dev.vars:_typical"},
}

// perByte returns the time that an operation takes for a byte of a text of that size.
func (s samples) perByte(operation, shape, size string) float64 {
	return s.typical("Growth/"+operation+"/"+shape+"/"+size, fastest) / bytesOf(size)
}

func (s samples) growthRows() [][]string {
	return mapped(operations, func(o struct{ name, typical string }) []string {
		row := []string{plain(o.name)}
		for _, size := range []string{"1MB", "4MB", "16MB", "64MB"} {
			row = append(row, measured(s.perByte(o.name, o.typical, size)))
		}
		return row
	})
}

// worstRows returns the worst few texts of each operation.
func (s samples) worstRows() [][]string {
	var list [][]string
	for _, o := range operations {
		shapes := s.shapes(o.name, "1MB")
		slices.SortStableFunc(shapes, func(a, b string) int {
			return cmp.Compare(s.perByte(o.name, b, "1MB"), s.perByte(o.name, a, "1MB"))
		})
		for _, shape := range shapes[:min(5, len(shapes))] {
			at := "Growth/" + o.name + "/"
			ratio := s.ratio(at+shape+"/1MB", at+o.typical+"/1MB", fastest)
			list = append(list, []string{plain(o.name), plain(shape), number(s.perByte(o.name, shape, "1MB")), number(ratio)})
		}
	}
	return list
}
