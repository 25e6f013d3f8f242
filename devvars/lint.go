package devvars

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// Rule is the stable name of what a Finding is about.
type Rule string

// The rules of [File.Findings].
const (
	DuplicateKey  Rule = "duplicate-key"   // a later assignment to the same key replaces this one
	SkippedText   Rule = "skipped-text"    // a line is ignored that is not an assignment, a comment or blank
	OpenQuote     Rule = "open-quote"      // a value starts with a quote that does not end it, so the quote is part of it
	CutByHash     Rule = "cut-by-hash"     // a # without white space before it ends the value
	LiteralEscape Rule = "literal-escape"  // a backslash in quotes is part of the value
	NextLineValue Rule = "next-line-value" // the value is on a later line than its key
	Expands       Rule = "expansion"       // in a .env file the value would be another one
	OuterSpace    Rule = "outer-space"     // the value starts or ends with white space, which its quotes keep
	EmptyValue    Rule = "empty-value"     // the value is empty
	InvalidUTF8   Rule = "invalid-utf8"    // the value is not valid UTF-8; invalid bytes are read as U+FFFD
	PrototypeKey  Rule = "prototype-key"   // an assignment to __proto__ has no effect
)

var texts = map[Rule]string{
	DuplicateKey:  "a later assignment replaces this one; remove one of them",
	SkippedText:   "not an assignment, so wrangler ignores it; write KEY=value, or # before a comment",
	OpenQuote:     "the first quote does not end the value, so the quotes are part of it; close it, or use other quotes",
	CutByHash:     "the value ends at the # in it; put quotes around it if the # belongs to it",
	LiteralEscape: `the backslash is part of the value; only \n and \r in double quotes are escapes`,
	NextLineValue: "the value is on a later line; move it to the line of the key, or write KEY=\"\"",
	Expands:       "the value has a $ that a .env file would expand; keep it in .dev.vars",
	OuterSpace:    "the white space at the start or end of the value is part of it",
	EmptyValue:    "the value is empty; remove the line if it should be unset",
	InvalidUTF8:   "the value is not valid UTF-8; invalid bytes are read as U+FFFD",
	PrototypeKey:  "an assignment to __proto__ has no effect; use another name",
}

// Finding is something in a File that may not mean what its author intended. It contains no value.
type Finding struct {
	Rule Rule
	Pos  Position
	Key  string // the key of the assignment; "" with SkippedText
	Text string // what is wrong and what to do about it, in one sentence without position, key or value
}

// String returns line:column: key: text (rule).
func (f Finding) String() string {
	s := f.Pos.String() + ": "
	if f.Key != "" {
		s += f.Key + ": "
	}
	return s + f.Text + " (" + string(f.Rule) + ")"
}

// Findings returns what looks wrong in f, in the order of the text. None of it is an error: it is
// text that wrangler reads differently from what people expect. The findings are made while they
// are iterated over, in time linear in the length of the text.
func (f *File) Findings() iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		l := linter{content: f.get(), yield: yield}
		l.at = newLocator(l.text)
		if strings.Contains(l.text, "$") {
			l.expansion, _ = Expand(f.All(), ExpandOptions{}) // it lacks the keys that cannot be expanded
		}
		l.lint()
	}
}

// linter reports findings. It collects and sorts those about one assignment, since its checks are
// not in the order of the text.
type linter struct {
	*content
	expansion *Expansion // nil if nothing can be expanded
	at        locator
	found     []Finding // about the current assignment; positions have offsets only
	yield     func(Finding) bool
	stopped   bool // whether yield returned false
}

func (l *linter) lint() {
	end := 0
	for i := range l.assignments {
		a := &l.assignments[i]
		l.skipped(end, int(a.start))
		l.assignment(a)
		l.flush()
		if l.stopped {
			return
		}
		end = l.end(a)
	}
	l.skipped(end, len(l.text))
}

func (l *linter) add(rule Rule, offset uint32, key string) {
	l.found = append(l.found, Finding{Rule: rule, Pos: Position{Offset: int(offset)}, Key: key, Text: texts[rule]})
}

// flush yields the findings that were added.
func (l *linter) flush() {
	slices.SortFunc(l.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Rule, b.Rule))
	})
	for _, f := range l.found {
		f.Pos = l.at.position(f.Pos.Offset)
		l.stopped = l.stopped || !l.yield(f)
	}
	l.found = l.found[:0]
}

// skipped reports the lines in text[from:to] that are neither blank nor a comment.
func (l *linter) skipped(from, to int) {
	text := l.text[:to]
	for from < to && !l.stopped {
		end := lineEnd(text, from)
		if i, j := trim(text, from, end); i < j && text[i] != '#' {
			l.add(SkippedText, uint32(i), "")
			l.flush()
		}
		from = afterLine(text, end)
	}
}

func (l *linter) assignment(a *assignment) {
	key, raw, value := l.key(a), l.raw(a), l.value(a)
	if key == protoKey {
		l.add(PrototypeKey, a.key, key)
		return
	}
	if l.find(key) != a {
		l.add(DuplicateKey, a.key, key)
	} else if l.expansion != nil {
		if expanded, ok := l.expansion.Lookup(key); !ok || expanded != value {
			l.add(Expands, a.value, key)
		}
	}
	if raw != "" && classes[raw[0]]&quoteByte != 0 && !a.quoted {
		l.add(OpenQuote, a.value, key)
	}
	if value == "" {
		l.add(EmptyValue, a.value, key)
	}
	if i, j := trim(value, 0, len(value)); j-i < len(value) {
		l.add(OuterSpace, a.value, key)
	}
	if !utf8.ValidString(raw) {
		l.add(InvalidUTF8, a.value, key)
	}
	if l.isCutByHash(a) {
		l.add(CutByHash, a.valueEnd, key)
	}
	if raw != "" && strings.ContainsAny(l.text[a.keyEnd:a.value], "\r\n\u2028\u2029") {
		l.add(NextLineValue, a.value, key)
	}
	if i := literalEscape(raw); i > 0 {
		l.add(LiteralEscape, a.value+uint32(i), key)
	}
}

func (l *linter) isCutByHash(a *assignment) bool {
	hash := int(a.valueEnd) < len(l.text) && l.text[a.valueEnd] == '#'
	return hash && !a.quoted && blankLenBefore(l.text[:a.valueEnd]) == 0
}

// literalEscape returns the position of the first backslash in a value in quotes that looks like an
// escape and is none, 0 if there is none.
func literalEscape(raw string) int {
	if raw == "" || classes[raw[0]]&quoteByte == 0 {
		return 0
	}
	for i := 1; i+1 < len(raw); i++ {
		next := raw[i+1]
		if raw[i] == '\\' && (next == raw[0] || raw[0] == '"' && next != 'n' && next != 'r') {
			return i
		}
	}
	return 0
}
