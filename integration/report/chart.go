package main

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// The chart is drawn in these coordinates. Both axes are logarithmic, so that what grows as the size does is a straight line that
// rises by one decade for each decade.
const (
	chartWidth, chartHeight = 800, 470
	left, right             = 70, 560
	top, bottom             = 40, 420
)

// line is the time of one operation over the size of the text.
type line struct {
	label, colour string
	points        []point
}

type point struct{ bytes, seconds float64 }

var colours = []string{"#1b6ca8", "#d1495b", "#2e8b57", "#8d5a97", "#c77d0a", "#4a4e69", "#00798c", "#7a7a7a"}

// growthChart returns docs/performance.svg.
func growthChart(s samples) string {
	lines := s.lines()
	area := areaOf(lines)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`+"\n", chartWidth, chartHeight)
	fmt.Fprintf(&b, "<title>Time over size of the text</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", chartWidth, chartHeight)
	fmt.Fprintf(&b, "<text x=\"%d\" y=\"22\" font-size=\"14\" fill=\"#222222\">Time over size of the text (fastest run; both axes logarithmic)</text>\n", left)
	area.draw(&b)
	labels := spread(lines, area)
	for i, l := range lines {
		l.draw(&b, area, labels[i])
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// lines returns what is drawn: each operation on a typical text, and Parse on its worst one.
func (s samples) lines() []line {
	var list []line
	add := func(label, operation, shape string) {
		l := line{label: label, colour: colours[len(list)%len(colours)]}
		for _, size := range []string{"1MB", "4MB", "16MB", "64MB"} {
			if ns := s.typical("Growth/"+operation+"/"+shape+"/"+size, fastest); ns > 0 {
				l.points = append(l.points, point{bytesOf(size), ns / 1e9})
			}
		}
		if len(l.points) > 1 {
			list = append(list, l)
		}
	}
	for _, o := range operations[1:] { // without the floor
		add(o.name, o.name, o.typical)
	}
	if worst := s.worstShape("parse", "16MB"); worst != "" {
		add("parse, worst text", "parse", worst)
	}
	return list
}

// worstShape returns the shape that takes the longest at a size.
func (s samples) worstShape(operation, size string) string {
	shapes := s.shapes(operation, size)
	if len(shapes) == 0 {
		return ""
	}
	return slices.MaxFunc(shapes, func(a, b string) int {
		return int(math.Copysign(1, s.perByte(operation, a, size)-s.perByte(operation, b, size)))
	})
}

// area maps figures to coordinates.
type area struct{ least, most point } // powers of ten for seconds

func areaOf(lines []line) area {
	a := area{point{1 << 20, 1}, point{64 << 20, 1e-3}}
	for _, l := range lines {
		for _, p := range l.points {
			a.least.seconds = min(a.least.seconds, math.Pow(10, math.Floor(math.Log10(p.seconds))))
			a.most.seconds = max(a.most.seconds, math.Pow(10, math.Ceil(math.Log10(p.seconds))))
		}
	}
	return a
}

func (a area) x(bytes float64) float64 {
	return left + (right-left)*math.Log(bytes/a.least.bytes)/math.Log(a.most.bytes/a.least.bytes)
}

func (a area) y(seconds float64) float64 {
	return bottom - (bottom-top)*math.Log(seconds/a.least.seconds)/math.Log(a.most.seconds/a.least.seconds)
}

// draw draws the grid and the axes.
func (a area) draw(b *strings.Builder) {
	for seconds := a.least.seconds; seconds < a.most.seconds*1.5; seconds *= 10 {
		y := a.y(seconds)
		fmt.Fprintf(b, "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>\n", left, y, right, y)
		fmt.Fprintf(b, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555555\">%s</text>\n", left-8, y+4, tick(seconds))
	}
	for _, mb := range []int{1, 4, 16, 64} {
		x := a.x(float64(mb << 20))
		fmt.Fprintf(b, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#eeeeee\"/>\n", x, top, x, bottom)
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%d MB</text>\n", x, bottom+20, mb)
	}
}

// tick prints a power of ten of seconds.
func tick(seconds float64) string {
	switch exponent := int(math.Round(math.Log10(seconds))); {
	case exponent < -3:
		return fmt.Sprintf("%.0f µs", seconds*1e6)
	case exponent < 0:
		return fmt.Sprintf("%.0f ms", seconds*1e3)
	}
	return fmt.Sprintf("%.0f s", seconds)
}

// spread returns where the labels of the lines stand: at their ends, but not over one another.
func spread(lines []line, a area) []float64 {
	const apart = 15
	order := make([]int, len(lines))
	at := make([]float64, len(lines))
	for i, l := range lines {
		order[i], at[i] = i, a.y(l.points[len(l.points)-1].seconds)
	}
	slices.SortFunc(order, func(i, j int) int { return int(math.Copysign(1, at[i]-at[j])) })
	for k := 1; k < len(order); k++ {
		at[order[k]] = max(at[order[k]], at[order[k-1]]+apart)
	}
	return at
}

func (l line) draw(b *strings.Builder, a area, label float64) {
	var path []string
	for _, p := range l.points {
		path = append(path, fmt.Sprintf("%.1f,%.1f", a.x(p.bytes), a.y(p.seconds)))
	}
	fmt.Fprintf(b, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", strings.Join(path, " "), l.colour)
	for _, p := range l.points {
		fmt.Fprintf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", a.x(p.bytes), a.y(p.seconds), l.colour)
	}
	last := l.points[len(l.points)-1]
	fmt.Fprintf(b, "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s, %s at %s</text>\n", right+12, label+4, l.colour, html.EscapeString(l.label),
		duration(last.seconds*1e9), fmt.Sprintf("%.0f MB", last.bytes/(1<<20)))
}
