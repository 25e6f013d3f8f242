package devvars

import (
	"sort"
	"strings"
)

// broken is a value of several lines that lacks quotes: wrangler reads its first line as the value,
// and each of its other lines as an assignment, or not at all.
type broken struct {
	opener     *assignment // whose value it is; nil if there is none
	start, end int         // of the lines after that of the opener, or of all lines if there is none
}

// brokenValues returns the broken values of the text in their order. It takes time linear in the
// length of the text, since no line is looked at again once it belongs to one.
func (c *content) brokenValues() []broken {
	c.onceBroken.Do(func() { c.broken = findBroken(c) })
	return c.broken
}

// isFragment reports whether a is a piece of a broken value.
func (c *content) isFragment(a *assignment) bool {
	list := c.brokenValues()
	i := sort.Search(len(list), func(i int) bool { return int(a.key) < list[i].end })
	return i < len(list) && int(a.key) >= list[i].start
}

// IsFragment reports whether the key of a is not a name but a piece of a value: of one that has
// several lines and lacks quotes, as an unquoted PEM file has, or of a file that is not UTF-8 text.
// Do not show such a key.
func (a Assignment) IsFragment() bool {
	if a.get == nil {
		return false
	}
	c, it := a.get()
	return c.isFragment(it)
}

// IsFragment reports whether every assignment to key is a fragment as [Assignment.IsFragment]
// defines it. It is false if there is no assignment to key.
func (f *File) IsFragment(key string) bool {
	c := f.get()
	if len(c.brokenValues()) == 0 {
		return false
	}
	c.onceFragments.Do(func() {
		c.fragments = map[string]bool{}
		for i := range c.assignments {
			a := &c.assignments[i]
			other, seen := c.fragments[c.key(a)]
			c.fragments[c.key(a)] = c.isFragment(a) && (!seen || other)
		}
	})
	return c.fragments[key]
}

// breaker finds the broken values of a text.
type breaker struct {
	*content
	list []broken
	// open has for each kind of quote, and for <, a position up to which no line closes it.
	open   map[byte]int
	hasPEM bool // whether the text has a PEM text
}

func findBroken(c *content) []broken {
	if encodingOf(c.text) != "" {
		return []broken{{start: 0, end: len(c.text)}}
	}
	b := breaker{content: c, open: map[byte]int{}, hasPEM: strings.Contains(c.text, pemBegin)}
	end := 0
	for i := range c.assignments {
		a := &c.assignments[i]
		if int(a.start) < end {
			continue // a fragment
		}
		b.stray(end, int(a.start))
		if n := len(b.list); n > 0 && int(a.start) < b.list[n-1].end {
			end = b.list[n-1].end
			continue
		}
		start := c.end(a)
		switch end = b.goesOn(i, start); {
		case end > start:
			b.list = append(b.list, broken{a, start, end})
		case isPadded(c.key(a), c.raw(a)):
			b.list = append(b.list, broken{nil, int(a.start), start})
		}
		end = max(end, start)
	}
	b.stray(end, len(c.text))
	return b.list
}

// isPadded reports whether key and raw are a line of Base64 that ends with ==. One in capital
// letters may be a name.
func isPadded(key, raw string) bool {
	return raw == "=" && len(key) >= 8 && key != strings.ToUpper(key)
}

// stray adds the PEM texts that start in text[from:to], which has no assignments.
func (b *breaker) stray(from, to int) {
	if !b.hasPEM || !strings.Contains(b.text[from:to], pemBegin) {
		return
	}
	for from < to {
		end := lineEnd(b.text, from)
		next := afterLine(b.text, end)
		if line := b.text[from:end]; strings.Contains(line, pemBegin) && !isComment(line) && !strings.Contains(line, pemEnd) {
			next = b.pem(next)
			b.list = append(b.list, broken{nil, from, next})
		}
		from = next
	}
}

// goesOn returns the end of the lines from start on that belong to the value of assignment i, which
// ends before start. It is start if there are none.
func (b *breaker) goesOn(i, start int) int {
	a := &b.assignments[i]
	raw := b.raw(a)
	isPEM := b.hasPEM && strings.Contains(raw, pemBegin) && !strings.Contains(raw, pemEnd)
	switch {
	case start >= len(b.text):
		return start
	case isPEM: // even in quotes, which then end too early
		return b.pem(start)
	case a.quoted:
		return start
	case raw == "":
		if a.isEmptyLine(b.text) && !b.isFollowed(i, start) {
			return b.nextLines(start)
		}
		return start
	}
	opened, first := raw, raw[0] // without an opening quote
	if classes[first]&quoteByte != 0 {
		opened = raw[1:]
	}
	switch {
	case strings.HasPrefix(opened, "{") || strings.HasPrefix(opened, "["):
		line := b.text[int(a.valueEnd)-len(opened) : lineEnd(b.text, int(a.valueEnd))]
		isOpen := strings.IndexByte("{[:,", opened[len(opened)-1]) >= 0 || strings.IndexByte("\"'{[]}", b.firstOf(start)) >= 0
		if isOpen && nesting(line) > 0 {
			return b.brackets(line, start)
		}
	case first == '<' && strings.HasPrefix(raw, "<<"):
		return b.until(start, strings.Trim(raw[2:], "-~'\""))
	case raw == "|" || raw == "|-" || raw == ">" || raw == ">-":
		return b.indented(start)
	case raw[len(raw)-1] == '\\':
		return b.continued(start)
	case len(raw) >= minPiece && b.text[start] != '#' && !b.isFollowed(i, start) && isBase64(raw, minPiece):
		line := strings.TrimSpace(b.line(start))
		isLong := len(raw) >= minBase64 || len(line) == len(raw)
		if isLong && isBase64(line, minPiece) && !isNamed(line) {
			return b.pem(start)
		}
	}
	if opened != raw && strings.Count(opened, raw[:1])%2 == 0 {
		return b.quoted(first, start)
	}
	return start
}

// nextLines returns the end of a value that starts on the line after its name, at start.
func (b *breaker) nextLines(start int) int {
	switch line := strings.TrimSpace(b.line(start)); {
	case strings.HasPrefix(line, pemBegin) || isBase64(line, minBase64):
		return b.pem(start)
	case line == "{" || line == "[" || line == "[{":
		return b.brackets("", start)
	}
	return start
}

// isFollowed reports whether an assignment that is none of Base64 starts at start, after assignment i.
func (b *breaker) isFollowed(i, start int) bool {
	if i+1 == len(b.assignments) || int(b.assignments[i+1].start) != start {
		return false
	}
	raw := b.raw(&b.assignments[i+1])
	return raw != "" && raw != "="
}

// firstOf returns the first character of the line at i that is not white space, 0 if there is none.
func (b *breaker) firstOf(i int) byte {
	if line := strings.TrimSpace(b.line(i)); line != "" {
		return line[0]
	}
	return 0
}

// isEmptyLine reports whether nothing follows the separator of a, which has no value, on its line.
func (a *assignment) isEmptyLine(text string) bool {
	return strings.Trim(text[a.keyEnd:lineEnd(text, int(a.valueEnd))], "=: \t") == ""
}
