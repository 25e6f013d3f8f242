package devvars

import (
	"slices"
	"strings"
)

// ignoreMark is the start of a comment that turns rules off.
const ignoreMark = "workerenv:ignore"

// maxIgnoreLine bounds the length of a line before an assignment that is read as a comment with
// ignoreMark, so that the time stays linear if JavaScript's line ends divide one long line.
const maxIgnoreLine = 500

// Ignores reports whether a comment turns rule off for a, such as
//
//	# workerenv:ignore cut-by-hash outer-space
//
// at the end of its line, or on a line of its own before it. Names of rules are separated by white
// space or commas; they may be those of other packages.
func (a Assignment) Ignores(rule Rule) bool {
	if a.get == nil {
		return false
	}
	c, it := a.get()
	return c.ignores(int(it.start), int(it.valueEnd), rule)
}

// ignores reports whether a comment turns rule off for the text from start to end: one after end on
// its line, or one on the line before start.
func (c *content) ignores(start, end int, rule Rule) bool {
	if listsRule(c.text[end:lineEnd(c.text, end)], rule) {
		return true
	}
	before := strings.TrimRight(c.text[max(0, start-maxIgnoreLine):start], " \t")
	before = strings.TrimSuffix(strings.TrimSuffix(before, "\n"), "\r")
	line := strings.TrimSpace(before[strings.LastIndexAny(before, "\r\n")+1:])
	return strings.HasPrefix(line, "#") && listsRule(line, rule)
}

// listsRule reports whether the comment in s turns rule off.
func listsRule(s string, rule Rule) bool {
	_, comment, _ := strings.Cut(s, "#")
	_, list, found := strings.Cut(comment, ignoreMark)
	if !found {
		return false
	}
	names := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
	return slices.Contains(names, string(rule))
}
