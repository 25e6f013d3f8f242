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
	if a.quoted || start >= len(b.text) {
		return start
	}
	if raw == "" {
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
	case b.hasPEM && strings.Contains(opened, pemBegin):
		if strings.Contains(opened, pemEnd) {
			return start
		}
		return b.pem(start)
	case strings.HasPrefix(opened, "{") || strings.HasPrefix(opened, "["):
		line := b.text[int(a.valueEnd)-len(opened) : lineEnd(b.text, int(a.valueEnd))]
		if nesting(line) > 0 && (strings.HasSuffix(opened, ",") || strings.IndexByte("{[:", opened[len(opened)-1]) >= 0 ||
			strings.IndexByte("\"'{[]}", b.firstOf(start)) >= 0) {
			return b.brackets(line, start)
		}
	case first == '<' && strings.HasPrefix(raw, "<<"):
		return b.until(start, strings.Trim(raw[2:], "-~'\""))
	case raw == "|" || raw == "|-" || raw == ">" || raw == ">-":
		return b.indented(start)
	case raw[len(raw)-1] == '\\':
		return b.continued(start)
	case len(raw) >= minBase64 && !b.isFollowed(i, start) && isBase64(raw, minBase64):
		if isBase64(strings.TrimSpace(b.line(start)), 16) {
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

// line returns the line at i, a line start, without its end.
func (b *breaker) line(i int) string { return b.text[i:lineEnd(b.text, i)] }

// lines calls f with each line from start on until f returns false, and returns the end of the last
// line for which f said that it belongs to the value.
func (b *breaker) lines(start int, f func(line string) (belongs, more bool)) int {
	end := start
	for i := start; i < len(b.text); {
		line := b.line(i)
		i = afterLine(b.text, i+len(line))
		belongs, more := f(line)
		if belongs {
			end = i
		}
		if !more {
			break
		}
	}
	return end
}

const (
	pemBegin  = "-----BEGIN"
	pemEnd    = "-----END"
	minBase64 = 32 // the least length of a line of Base64 that is taken for one without other signs
)

// pem returns the end of the lines that belong to a PEM text or to Base64. That is after the line
// with -----END, and before a line that cannot be a part of it.
func (b *breaker) pem(start int) int {
	inBody, ended := false, false
	return b.lines(start, func(line string) (belongs, more bool) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, pemBegin):
			inBody, ended = false, strings.Contains(line, pemEnd)
			return true, true
		case line == "":
			return false, true
		case ended || isNamed(line) && !(isBase64(line, 1) && len(line)%4 == 0):
			return false, false
		case strings.Contains(line, pemEnd):
			ended = true
			return true, true // another PEM text may follow
		case isBase64(line, 1):
			inBody = true
			return true, true
		}
		isHeader := !inBody && strings.Contains(line, ": ")
		return isHeader, isHeader
	})
}

// isBase64 reports whether s is at least n characters of Base64, with padding or without.
func isBase64(s string, n int) bool {
	body := strings.TrimRight(s, "=")
	if len(s) < n || body == "" || len(s)-len(body) > 2 {
		return false
	}
	for i := range len(body) {
		c := body[i]
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/') {
			return false
		}
	}
	return true
}

// isNamed reports whether line is NAME=value, or NAME= with a name in capital letters. Base64 with
// padding is rather not.
func isNamed(line string) bool {
	i := skipBlank(line, 0)
	if strings.HasPrefix(line[i:], "export ") {
		i = skipBlank(line, i+len("export"))
	}
	end := skipKey(line, i)
	v, ok := separator(line, end)
	if !ok || end == i || line[v-1] != '=' {
		return false
	}
	name, value := line[i:end], line[v:]
	return strings.Trim(value, "=") != "" || value == "" && name == strings.ToUpper(name)
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

// brackets returns the end of the lines that belong to JSON whose first line is first. That is
// after the bracket that closes the first one, and before an assignment.
func (b *breaker) brackets(first string, start int) int {
	depth := nesting(first)
	return b.lines(start, func(line string) (belongs, more bool) {
		depth += nesting(line)
		belongs = !isNamed(line)
		return belongs, belongs && depth > 0
	})
}

// nesting returns how many more brackets a line of JSON opens than it closes.
func nesting(line string) int {
	depth, inString := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			inString = !inString
		case inString:
			if c == '\\' {
				i++
			}
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	return depth
}

// until returns the end of the line that is word, start if there is none before an assignment.
func (b *breaker) until(start int, word string) int {
	if start < b.open['<'] {
		return start
	}
	found := false
	end := b.lines(start, func(line string) (belongs, more bool) {
		found = strings.TrimSpace(line) == word
		return true, !found && !isNamed(line)
	})
	if !found {
		b.open['<'], end = end, start
	}
	return end
}

// indented returns the end of the lines that start with white space.
func (b *breaker) indented(start int) int {
	return b.lines(start, func(line string) (belongs, more bool) {
		belongs = line != "" && strings.TrimLeft(line, " \t") != line
		return belongs, belongs
	})
}

// continued returns the end of the lines that continue one with a backslash at its end.
func (b *breaker) continued(start int) int {
	return b.lines(start, func(line string) (belongs, more bool) {
		line = strings.TrimSpace(line)
		belongs = line != "" && !isComment(line) && !isNamed(line) && !isColon(line)
		return belongs, belongs && strings.HasSuffix(line, `\`)
	})
}

// quoted returns the end of the lines that belong to a value which starts with a quote and cannot
// end with it. That is after a line with the closing quote at its end, if there is one before an
// assignment, and else before a line that is an assignment, blank or a comment.
func (b *breaker) quoted(quote byte, start int) int {
	q := string(quote)
	if start >= b.open[quote] {
		found := false
		end := b.lines(start, func(line string) (belongs, more bool) {
			line = strings.TrimSpace(line)
			found = strings.HasSuffix(line, q) && strings.Count(line, q)%2 == 1
			return true, !found && !isNamed(line)
		})
		if found {
			return end
		}
		b.open[quote] = end
	}
	return b.lines(start, func(line string) (belongs, more bool) {
		belongs = strings.TrimSpace(line) != "" && !isComment(line) && !isNamed(line) && !isColon(line)
		return belongs, belongs
	})
}

// isColon reports whether line is an assignment with a colon.
func isColon(line string) bool {
	start := skipBlank(line, 0)
	end := skipKey(line, start)
	v, ok := separator(line, end)
	return ok && end > start && line[v-1] != '='
}
