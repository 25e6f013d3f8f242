package devvars

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// Findings returns what looks wrong in f, in the order of the text. None of it is an error: it is
// text that wrangler reads differently from what people expect. A file that is not UTF-8 text has
// one finding, without a position; a file that is JSON has one, too. The findings are made while
// they are iterated over, in time linear in the length of the text.
//
// The findings of [RuleUnexpanded] are about .dev.vars files only. [File.LostReferences] returns
// those that are about .env files only.
//
// A comment at the end of the line, or on a line of its own before it, turns rules off:
//
//	NAME=abc#def # workerenv:ignore cut-by-hash
func (f *File) Findings() iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		c := f.get()
		if finding, ok := c.format(); !ok {
			yield(finding)
			return
		}
		l := linter{
			content: c, at: newLocator(c.text),
			isASCII: isASCII(c.text), hasIgnore: strings.Contains(c.text, ignoreMark),
		}
		if c.index().Len() < len(c.assignments) {
			l.last = c.lastPlaces()
		}
		for p := range c.parts() {
			l.part(p)
			if len(l.found) > 0 && !l.report(p, yield) {
				return
			}
		}
	}
}

// format reports whether the text is in the format of a .dev.vars file. If it is in another encoding or is
// JSON, it returns a finding about all of it.
func (c *content) format() (Finding, bool) {
	if encoding := encodingOf(c.text); encoding != "" {
		finding := RuleEncoding.Finding(Position{}, "")
		if encoding != binary {
			finding.Text = "the file is " + encoding + ", and wrangler reads UTF-8 only; save it as UTF-8"
		}
		return finding, false
	}
	i, j := trim(c.text, 0, len(c.text))
	if text := c.text[i:j]; len(c.assignments) == 0 && strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}") {
		at := newLocator(c.text)
		finding := RuleSkippedText.Finding(at.position(i), "")
		finding.Text = "the file is JSON, which wrangler does not read here; write a line NAME=value for each member"
		return finding, false
	}
	return Finding{}, true
}

// lastPlaces returns the place of the last assignment to each key.
func (c *content) lastPlaces() map[string]Place {
	places, at := make(map[string]Place, c.index().Len()), newLocator(c.text)
	for i := range c.assignments {
		a := &c.assignments[i]
		p := at.position(int(a.key))
		places[c.key(a)] = Place{Line: p.Line, Column: p.Column}
	}
	return places
}

// linter collects the findings about one part after the other.
type linter struct {
	*content
	at        locator
	last      map[string]Place // the last assignment to each key; nil if each key has one
	isASCII   bool             // whether the text has only ASCII characters
	hasIgnore bool             // whether some rule may be turned off

	key   string // of the current part
	found []found
}

// found is a finding whose position is not computed yet.
type found struct {
	offset int
	rule   Rule
	text   string // "" for that of the rule
}

// add adds a finding. Its text is that of the rule, or another one.
func (l *linter) add(offset int, rule Rule, text ...string) {
	l.found = append(l.found, found{offset, rule, strings.Join(text, "")})
}

// report yields the findings about p in the order of the text, except those whose rule is turned
// off. It returns false if yield does.
func (l *linter) report(p part, yield func(Finding) bool) bool {
	slices.SortFunc(l.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.rule, b.rule))
	})
	for _, f := range l.found {
		if l.hasIgnore && l.ignores(p.start, p.end, f.rule) {
			continue
		}
		finding := f.rule.Finding(l.at.position(f.offset), l.key)
		finding.Text = cmp.Or(f.text, finding.Text)
		if f.rule == RuleDuplicateKey {
			finding.Related = []Place{l.last[l.key]}
		}
		if !yield(finding) {
			return false
		}
	}
	l.found = l.found[:0]
	return true
}

// part adds the findings about p. Those about a value are left out if a later assignment replaces
// it, or if it lacks quotes.
func (l *linter) part(p part) {
	a := p.assignment
	l.key = ""
	switch {
	case p.kind == fragment:
		return
	case a == nil && p.kind == unquoted:
		l.add(p.start, RuleUnquotedLines, "these lines are a piece of a value without a name; "+
			"write NAME= before it, and put quotes around all of it")
		return
	case a == nil:
		l.line(p.start, l.text[p.start:p.end])
		return
	}
	l.key = l.content.key(a)
	switch {
	case l.key == protoKey:
		l.add(int(a.key), RulePrototypeKey)
	case p.kind == unquoted:
		l.add(int(a.value), RuleUnquotedLines)
	case l.last != nil && l.find(l.key) != a:
		l.add(int(a.key), RuleDuplicateKey)
	default:
		l.assignment(a)
	}
}

// valueText is the text of a value without its quotes.
type valueText struct {
	*assignment
	quote byte // the opening quote, 0 if there is none
	text  string
	at    int // the offset of text
}

// assignment adds the findings about a, whose value counts.
func (l *linter) assignment(a *assignment) {
	raw, at := l.raw(a), int(a.value)
	isCut := !a.quoted && strings.HasPrefix(l.text[a.valueEnd:], "#") && blankLenBefore(l.text[:a.valueEnd]) == 0
	if isCut {
		l.add(int(a.valueEnd), RuleCutByHash)
	}
	if raw == "" {
		if !isCut {
			l.add(at, RuleEmptyValue)
		}
		return
	}
	if a.value-a.keyEnd > 1 && strings.ContainsAny(l.text[a.keyEnd:a.value], "\r\n\u2028\u2029") {
		l.add(at, RuleNextLineValue)
	}
	v := valueText{assignment: a, text: raw, at: at}
	if classes[raw[0]]&quoteByte != 0 {
		if last := len(raw) - 1; last > 0 && raw[last] == raw[0] {
			v = valueText{a, raw[0], raw[1:last], at + 1}
		} else {
			l.add(at, RuleOpenQuote)
			v.quote = raw[0]
		}
	}
	if v.text == "" {
		return
	}
	if isReference(v.text) {
		l.add(at, RuleUnresolvedReference)
	}
	l.characters(v)
	if strings.IndexByte(v.text, '\\') >= 0 {
		l.backslashes(v)
	}
	if v.quote != '\'' && strings.IndexByte(v.text, '$') >= 0 {
		l.dollars(v)
	}
}

// LostReferences returns a finding of [RuleLostReference] for each value of f from which e, the
// expansion of f and perhaps of other files, removed a reference because nothing has the name in
// it: $abc in HASH=$2b$10$abc, for example. Its position is that of the first such reference. The
// name in it is not shown, since it may be a piece of the value.
//
// A value that another file replaces has no finding. The time is linear in the length of the text.
func (f *File) LostReferences(e *Expansion) iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		lost := e.get().lost
		if len(lost) == 0 {
			return
		}
		c := f.get()
		at := newLocator(c.text)
		for p := range c.parts() {
			a := p.assignment
			if a == nil || p.kind == fragment || c.find(c.key(a)) != a {
				continue
			}
			key := c.key(a)
			loss, ok := lost[key]
			if !ok || c.value(a) != loss.value || c.ignores(p.start, p.end, RuleLostReference) {
				continue
			}
			// Decoding a value keeps all dollar signs and adds none.
			offset := int(a.value)
			for range 1 + strings.Count(loss.value[:loss.offset], "$") {
				offset += 1 + strings.IndexByte(c.text[offset:], '$')
			}
			if !yield(RuleLostReference.Finding(at.position(offset-1), key)) {
				return
			}
		}
	}
}

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
	_, list, _ := strings.Cut(comment, ignoreMark)
	names := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
	return slices.Contains(names, string(rule))
}
