package devvars

import (
	"iter"
	"strings"
)

// part is an assignment, or a line that is not one.
type part struct {
	kind       partKind
	assignment *assignment // nil for a line
	start, end int         // of the assignment without its comment, or of the line
}

type partKind uint8

const (
	plain    partKind = iota // any other part
	unquoted                 // the start of a value that has several lines and lacks quotes, perhaps without its name
	fragment                 // an assignment that is a piece of such a value
)

// parts yields the parts of the text in their order: all assignments, and all other lines that are
// neither blank, comments nor pieces of a value. It takes time linear in the length of the text.
func (c *content) parts() iter.Seq[part] {
	return func(yield func(part) bool) {
		d := divider{content: c, hasPEM: strings.Contains(c.text, pemBegin), unclosed: map[byte]int{}}
		end, ok := 0, true
		for i := range c.assignments {
			a := &c.assignments[i]
			p := part{plain, a, int(a.start), int(a.valueEnd)}
			if end, ok = d.lines(end, p.start, yield); !ok {
				return
			}
			switch next := c.end(a); {
			case p.start < end:
				p.kind = fragment
			case isPadding(c.key(a), c.raw(a)):
				if !yield(part{unquoted, nil, p.start, p.start}) {
					return
				}
				p.kind, end = fragment, next
			default:
				if end = d.endOfValue(i, next); end > next {
					p.kind = unquoted
				}
			}
			if !yield(p) {
				return
			}
		}
		d.lines(end, len(c.text), yield)
	}
}

// isPadding reports whether key and raw are a line of Base64 that ends with ==. One in capital
// letters may be a name.
func isPadding(key, raw string) bool {
	return raw == "=" && len(key) >= 8 && key != strings.ToUpper(key)
}

// IsFragment reports whether the key of a is not a name but a piece of a value: of one that has
// several lines and lacks quotes, as an unquoted PEM file has, or of a file that is not UTF-8 text.
// Do not show such a key.
func (a Assignment) IsFragment() bool {
	c, it := a.get()
	c.onceFragments.Do(c.markFragments)
	return it.isFragment
}

// IsFragment reports whether every assignment to key is a fragment as [Assignment.IsFragment]
// defines it. It is false if there is no assignment to key.
func (f *File) IsFragment(key string) bool {
	c := f.get()
	c.onceFragments.Do(c.markFragments)
	a := c.find(key)
	return a != nil && a.isFragment && !a.isName
}

// markFragments sets isFragment and isName.
func (c *content) markFragments() {
	isText, found := encodingOf(c.text) == "", false
	for p := range c.parts() {
		if p.assignment != nil && (p.kind == fragment || !isText) {
			p.assignment.isFragment, found = true, true
		}
	}
	for i := range c.assignments {
		if a := &c.assignments[i]; found && !a.isFragment && c.key(a) != protoKey {
			c.find(c.key(a)).isName = true
		}
	}
}

// divider divides a text into parts.
type divider struct {
	*content
	hasPEM   bool         // whether the text has a PEM text
	unclosed map[byte]int // for each kind of value, a position up to which no line closes one; see closed
}

const (
	pemBegin  = "-----BEGIN"
	pemEnd    = "-----END"
	minBase64 = 32 // the least length of a line of Base64 that is taken for one without other signs
	minPiece  = 16 // likewise, if the line after it has the same length
)

// lines yields the lines of text[from:to], which has no assignments, and returns the end of the last
// one. That can be after to, since a PEM text without a name is one line here.
func (d *divider) lines(from, to int, yield func(part) bool) (end int, ok bool) {
	for ok = true; ok && from < to; {
		end := lineEnd(d.text[:to], from)
		i, j := trim(d.text, from, end)
		from = afterLine(d.text[:to], end)
		switch {
		case i == j || d.text[i] == '#':
		case d.hasPEM && isOpenPEM(d.text[i:j]):
			from = d.pem(from)
			ok = yield(part{unquoted, nil, i, i})
		default:
			ok = yield(part{plain, nil, i, j})
		}
	}
	return from, ok
}

func isOpenPEM(s string) bool { return strings.Contains(s, pemBegin) && !strings.Contains(s, pemEnd) }

// endOfValue returns the end of the value of assignment i. That is next, the start of the line after
// it, unless the value lacks quotes and goes on in that line.
func (d *divider) endOfValue(i, next int) int {
	a := &d.assignments[i]
	raw := d.raw(a)
	switch isPEM := d.hasPEM && isOpenPEM(raw); {
	case next == len(d.text), a.quoted && !isPEM:
		return next
	case isPEM: // even in quotes, which then end too early
		return d.pem(next)
	}
	if raw == "" {
		switch line := strings.TrimSpace(d.line(next)); {
		case strings.HasPrefix(line, pemBegin), isBase64(line, minBase64):
			return d.pem(next)
		case line == "{", line == "[", line == "[{":
			return d.brackets(next, next)
		}
		return next
	}
	quote, opened := byte(0), raw
	if classes[raw[0]]&quoteByte != 0 {
		quote, opened = raw[0], raw[1:]
	}
	switch {
	case strings.HasPrefix(opened, "{"), strings.HasPrefix(opened, "["):
		return d.brackets(int(a.valueEnd)-len(opened), next)
	case quote != 0 && strings.Count(opened, raw[:1])%2 == 0:
		return d.closed(quote, next, next, func(line string) bool {
			line = strings.TrimSpace(line)
			return strings.HasSuffix(line, raw[:1]) && strings.Count(line, raw[:1])%2 == 1
		})
	case strings.HasPrefix(raw, "<<") && len(raw) > 2:
		word := strings.Trim(raw, "<-~'\"")
		return d.closed('<', next, next, func(line string) bool { return strings.TrimSpace(line) == word })
	case strings.HasSuffix(raw, `\`), raw == "|", raw == "|-", raw == ">", raw == ">-":
		return d.oddLines(next)
	case isBase64(d.text[next:min(next+minPiece, len(d.text))], minPiece) && isBase64(raw, minPiece):
		line := strings.TrimSpace(d.line(next))
		if isBase64(line, minPiece) && assigns(line) == 0 && (len(raw) >= minBase64 || len(raw) == len(line)) {
			return d.oddLines(next)
		}
	}
	return next
}

// pem returns the end of the PEM texts that start before next.
func (d *divider) pem(next int) int {
	isEnd := func(line string) bool { return strings.Contains(line, pemEnd) }
	for {
		end := d.closed('-', next, next, isEnd)
		if more := skipBlank(d.text, end); end == next || !strings.HasPrefix(d.text[more:], pemBegin) {
			return end
		}
		next = end
	}
}

// brackets returns the end of the JSON that starts at from, on a line that ends before next.
func (d *divider) brackets(from, next int) int {
	depth := 0
	return d.closed('{', from, next, func(line string) bool {
		depth += nesting(line)
		return depth <= 0
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

// closed returns the end of the line that closes a value of that kind: the first one from from on
// for which isLast returns true, if no NAME=value comes before it. Otherwise it returns the end of
// the odd lines from next on.
func (d *divider) closed(kind byte, from, next int, isLast func(line string) bool) int {
	if from < d.unclosed[kind] {
		return d.oddLines(next)
	}
	for i := from; i < len(d.text); {
		line := d.line(i)
		if assigns(line) == '=' {
			d.unclosed[kind] = i
			return d.oddLines(next)
		}
		i = afterLine(d.text, i+len(line))
		if isLast(line) {
			return i
		}
	}
	d.unclosed[kind] = len(d.text)
	return d.oddLines(next)
}

// oddLines returns the end of the lines from start on that are neither assignments, blank nor
// comments.
func (d *divider) oddLines(start int) int {
	for start < len(d.text) {
		line := d.line(start)
		text := strings.TrimSpace(line)
		if text == "" || text[0] == '#' || assigns(line) != 0 {
			break
		}
		start = afterLine(d.text, start+len(line))
	}
	return start
}

// line returns the line at i, a line start, without its end.
func (d *divider) line(i int) string { return d.text[i:lineEnd(d.text, i)] }

// assigns returns = or : if line is an assignment with it, 0 if it is none. Base64 with padding is
// none, and neither is a line with a colon that is indented, as those of JSON and YAML are.
func assigns(line string) byte {
	start := skipBlank(line, 0)
	if rest, ok := strings.CutPrefix(line[start:], "export "); ok {
		start = skipBlank(line, len(line)-len(rest))
	}
	end := skipKey(line, start)
	v, ok := separator(line, end)
	isColon := ok && line[v-1] != '=' || line[end:] == ":" // before the white space that is the line end
	switch {
	case end == start, isColon && start > 0:
		return 0
	case isColon:
		return ':'
	case !ok:
		return 0
	}
	name, value := line[start:end], strings.TrimRight(line[v:], `\,; `)
	switch {
	case value == "" && (name != strings.ToUpper(name) || len(line)%4 == 0 && isBase64(line, 1)):
		return 0
	case value != "" && strings.Trim(value, "=") == "":
		return 0
	}
	return '='
}

// isBase64 reports whether s is at least n characters of Base64, with padding or without.
func isBase64(s string, n int) bool {
	body := strings.TrimRight(s, "=")
	if len(s) < n || body == "" || len(s)-len(body) > 2 {
		return false
	}
	for i := range len(body) {
		if c := body[i]; !isLetter(c) && !('/' <= c && c <= '9') && c != '+' {
			return false
		}
	}
	return true
}
