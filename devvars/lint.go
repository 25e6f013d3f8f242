package devvars

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// Findings returns what looks wrong in f, in the order of the text. None of it is an error: it is
// text that wrangler reads differently from what people expect. A file that is not UTF-8 text has
// one finding, without a position. The findings are made while they are iterated over, in time
// linear in the length of the text.
//
// The findings of [Unexpanded] are about .dev.vars files only. [File.LostReferences] returns those
// that are about .env files only.
//
// A comment at the end of the line, or on a line of its own before it, turns rules off:
//
//	NAME=abc#def # workerenv:ignore cut-by-hash
func (f *File) Findings() iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		c := f.get()
		if encoding := encodingOf(c.text); encoding != "" {
			finding := Encoding.Info().Finding(Position{}, "")
			if encoding != binary {
				finding.Text = "the file is " + encoding + ", and wrangler reads UTF-8 only; " + Encoding.Info().Cure
			}
			yield(finding)
			return
		}
		l := linter{content: c, yield: yield, at: newLocator(c.text)}
		l.hasBackslash = strings.Contains(c.text, `\`)
		l.hasDollar = strings.Contains(c.text, "$")
		l.isASCII = isASCII(c.text)
		l.isUnique = c.index().Len() == len(c.assignments)
		l.canIgnore = strings.Contains(c.text, ignoreMark)
		l.lint()
	}
}

// linter reports findings. It collects and sorts those about one assignment, since its checks are
// not in the order of the text.
type linter struct {
	*content
	at    locator
	found []offsetFinding // about the current assignment
	yield func(Finding) bool

	stopped bool // whether yield returned false
	last    map[*assignment]Place

	// What the text has, so that most checks can be left out.
	hasBackslash, hasDollar, isASCII, isUnique, canIgnore bool
}

// offsetFinding is a finding whose position is not computed yet.
type offsetFinding struct {
	offset int
	key    string
	rule   Rule
	text   string // "" for that of the rule
}

func (l *linter) lint() {
	end := 0
	values := l.brokenValues()
	for i := range l.assignments {
		a := &l.assignments[i]
		for len(values) > 0 && int(a.start) >= values[0].start {
			end = l.broken(values[0], end)
			values = values[1:]
		}
		if int(a.start) < end {
			continue // a fragment
		}
		l.skipped(end, int(a.start))
		l.assignment(a, len(values) > 0 && values[0].opener == a)
		l.flush(int(a.start), int(a.valueEnd))
		if l.stopped {
			return
		}
		end = l.end(a)
	}
	for _, b := range values {
		end = l.broken(b, end)
	}
	l.skipped(end, len(l.text))
}

// broken reports a broken value that has no opener, and returns the end of it.
func (l *linter) broken(b broken, end int) int {
	if b.opener == nil {
		l.skipped(end, b.start)
		from, _ := trim(l.text, b.start, b.end)
		l.add(UnquotedLines, from, "", "these lines are a piece of a value without a name; "+
			"write NAME= before it, and put quotes around all of it")
		l.flush(b.start, b.start)
	}
	return max(end, b.end)
}

// add adds a finding. Its text is that of the rule if text is "".
func (l *linter) add(rule Rule, offset int, key, text string) {
	l.found = append(l.found, offsetFinding{offset, key, rule, text})
}

// flush yields the findings that were added, except those whose rule is turned off on the line of
// start, on that of end or before them.
func (l *linter) flush(start, end int) {
	if len(l.found) == 0 {
		return
	}
	slices.SortFunc(l.found, func(a, b offsetFinding) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.rule, b.rule))
	})
	for _, f := range l.found {
		if l.stopped || l.canIgnore && l.ignores(start, end, f.rule) {
			continue
		}
		p := l.at.position(f.offset)
		finding := Finding{
			Severity: f.rule.Info().Severity, Rule: f.rule, Line: p.Line, Column: p.Column, Key: f.key,
			Text: cmp.Or(f.text, texts[f.rule]),
		}
		if f.rule == DuplicateKey {
			finding.Related = []Place{l.winner(f.key)}
		}
		l.stopped = !l.yield(finding)
	}
	l.found = l.found[:0]
}

// winner returns the place of the last assignment to key. The places of all keys are computed
// together, since a locator only goes forward.
func (l *linter) winner(key string) Place {
	if l.last == nil {
		l.last = map[*assignment]Place{}
		at := newLocator(l.text)
		for i := range l.assignments {
			if a := &l.assignments[i]; l.find(l.key(a)) == a {
				p := at.position(int(a.key))
				l.last[a] = Place{Line: p.Line, Column: p.Column}
			}
		}
	}
	return l.last[l.find(key)]
}

// skipped reports the lines in text[from:to] that are neither blank nor a comment.
func (l *linter) skipped(from, to int) {
	text := l.text[:to]
	for from < to && !l.stopped {
		end := lineEnd(text, from)
		if i, j := trim(text, from, end); i < j && text[i] != '#' {
			l.skippedLine(i, j)
			l.flush(i, j)
		}
		from = afterLine(text, end)
	}
}

// assignment adds the findings about a. Those about the value are left out if a later assignment
// replaces it, or if the value is broken.
func (l *linter) assignment(a *assignment, isBroken bool) {
	key, raw := l.key(a), l.raw(a)
	value := int(a.value)
	switch {
	case key == protoKey:
		l.add(PrototypeKey, int(a.key), key, "")
		return
	case isBroken:
		l.add(UnquotedLines, value, key, "")
		return
	case !l.isUnique && l.find(key) != a:
		l.add(DuplicateKey, int(a.key), key, "")
		return
	}
	isCut := l.isCutByHash(a)
	if isCut {
		l.add(CutByHash, int(a.valueEnd), key, "")
	}
	if raw == "" {
		if !isCut {
			l.add(EmptyValue, value, key, "")
		}
		return
	}
	if a.value-a.keyEnd > 1 && strings.ContainsAny(l.text[a.keyEnd:a.value], "\r\n\u2028\u2029") {
		l.add(NextLineValue, value, key, "")
	}
	text, at := raw, value // the value without its quotes
	if classes[raw[0]]&quoteByte != 0 {
		if last := len(raw) - 1; last > 0 && raw[last] == raw[0] {
			text, at = raw[1:last], value+1
		} else {
			l.add(OpenQuote, value, key, "")
		}
	}
	if text == "" {
		return
	}
	if isReference(text) {
		l.add(UnresolvedReference, value, key, "")
	}
	if l.isASCII || !l.characters(a, key, text, at) {
		l.outerSpace(a, key, text, at)
	}
	if l.hasBackslash && strings.IndexByte(text, '\\') >= 0 {
		l.escapes(key, raw, text, at)
	}
	if l.hasDollar && raw[0] != '\'' {
		l.references(key, text, at)
	}
}

func (l *linter) isCutByHash(a *assignment) bool {
	hash := int(a.valueEnd) < len(l.text) && l.text[a.valueEnd] == '#'
	return hash && !a.quoted && blankLenBefore(l.text[:a.valueEnd]) == 0
}

// outerSpace reports white space at the ends of text, a value without its quotes, and invisible
// control characters there. Line ends are right in a text of several lines.
func (l *linter) outerSpace(a *assignment, key, text string, at int) {
	first, last := text[0], text[len(text)-1]
	switch {
	case isControl(first):
		l.add(InvisibleCharacter, at, key, invisibleText(rune(first), "at the start of the value"))
		return
	case isControl(last):
		l.add(InvisibleCharacter, at+len(text)-1, key, invisibleText(rune(last), "at the end of the value"))
		return
	}
	isBreak := l.text[a.value] == '"' && (strings.HasSuffix(text, `\n`) || strings.HasSuffix(text, `\r`))
	if classes[first]&blankByte == 0 && classes[last]&blankByte == 0 && !isBreak {
		return
	}
	isLines := strings.Contains(text[:len(text)-1], "\n") || isBreak && strings.Contains(text[:len(text)-2], `\n`)
	if !isLines {
		l.add(OuterSpace, int(a.value), key, "")
	}
}

// references reports what is a reference in a .env file, and not in .dev.vars: ${NAME}, and $NAME if
// the file has that name. A backslash before $ has no effect in .dev.vars, either.
func (l *linter) references(key, text string, at int) {
	for i := strings.IndexByte(text, '$'); i >= 0 && i+1 < len(text); i++ {
		n := strings.IndexByte(text[i:], '$')
		if n < 0 {
			return
		}
		i += n
		rest := text[i+1:]
		switch name := rest[:nameLen([]byte(rest))]; {
		case i > 0 && text[i-1] == '\\':
			l.add(Unexpanded, at+i-1, key, "the backslash before $ stays in the value, "+
				"since $ has no meaning in .dev.vars; write $ alone")
			return
		case name == "" && strings.HasPrefix(rest, "{"):
			n := nameLen([]byte(rest[1:]))
			if n == 0 || n+1 == len(rest) || strings.IndexByte("}:-+", rest[1+n]) < 0 {
				continue
			}
		case name == "" || l.find(name) == nil:
			continue
		}
		l.add(Unexpanded, at+i, key, "")
		return
	}
}

// isASCII reports whether s has no bytes of 0x80 and more.
func isASCII(s string) bool {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		if word(s, i)&tops != 0 {
			return false
		}
	}
	for ; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
