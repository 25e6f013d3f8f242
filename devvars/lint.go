package devvars

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lint returns the findings of [File.Findings]. The caller owns the slice.
func (f *File) Lint() []Finding { return slices.Collect(f.Findings()) }

// Findings returns what looks wrong in f, in the order of the text: not errors, which the language does not have, but text
// that dotenv reads otherwise than people, other tools or wrangler's .env files do. It looks for them while they are asked for, so that
// the findings of a text that is all wrong need not be in memory at once.
//
// The time grows with the length of the text. Values over 64 KiB, and those of several lines
// with more than 8 dollar signs, are not compared with godotenv.
func (f *File) Findings() iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		l := linter{content: f.get(), expanded: expansions(f), yield: yield}
		l.values.traits = l.traits
		l.at = newLocator(l.text)
		l.lint()
	}
}

// expansions returns what the values of f would be in a .env file, without those that would have none.
func expansions(f *File) map[string]string {
	if strings.IndexByte(f.get().text, '$') < 0 {
		return nil
	}
	e, _ := Expand(f.All(), ExpandOptions{}) // a key that fails is not in e, which is a difference as well
	return maps.Collect(e.All())
}

// linter finds one thing after the other. What it finds about an assignment it collects and sorts, since its checks do not go by the
// order of the text.
type linter struct {
	*content
	values   decoder
	expanded map[string]string
	at       locator
	found    []Finding // about this assignment, by offset
	yield    func(Finding) bool
	stopped  bool // whether yield returned false
}

func (l *linter) lint() {
	x := scanner{text: l.text}
	end := 0
	var a assignment
	for !l.stopped && x.next(&a) {
		l.skipped(end, a.start)
		l.assignment(a)
		l.flush()
		end = x.at
	}
	l.skipped(end, len(l.text))
	l.flush()
}

func (l *linter) add(rule Rule, offset int, key string) {
	l.found = append(l.found, Finding{Rule: rule, Pos: Position{Offset: offset}, Key: key})
}

// flush gives away what has been found.
func (l *linter) flush() {
	slices.SortStableFunc(l.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Rule, b.Rule))
	})
	for _, f := range l.found {
		f.Pos = l.at.position(f.Pos.Offset)
		l.stopped = l.stopped || !l.yield(f)
	}
	l.found = l.found[:0]
}

// skipped reports the lines between from and to that are neither blank nor a comment.
func (l *linter) skipped(from, to int) {
	text := l.text[:to]
	for from < to && !l.stopped {
		end := lineEnd(text, from)
		if i, j := trim(text, from, end); i < j && text[i] != '#' {
			l.add(SkippedText, i, "")
			l.flush()
		}
		from = afterLine(text, end)
	}
}

// assignment reports what is to be said about one assignment.
func (l *linter) assignment(a assignment) {
	key, raw := l.text[a.key:a.keyEnd], l.text[a.value:a.valueEnd]
	if key == "__proto__" {
		l.add(PrototypeKey, a.key, key)
		return
	}
	value := l.values.decode(raw)
	l.checkReaders(a, key, value)
	l.checkValue(a, key, raw, value)
	l.checkPlace(a, key)
	if i := strayEscape(raw); i > 0 {
		l.add(LiteralEscape, a.value+i, key)
	}
}

// checkReaders reports an assignment that another one replaces, and, if this is the one that counts, what .env files
// and godotenv make of it.
func (l *linter) checkReaders(a assignment, key, value string) {
	last, _ := l.lookupTable().find(l.content, key)
	if int(last.key) != a.key {
		l.add(DuplicateKey, a.key, key)
		return
	}
	if expanded, ok := l.expanded[key]; l.expanded != nil && (!ok || expanded != value) {
		l.add(Expands, a.value, key)
	}
	if text := l.textForPeer(a); !isPlain(text) && isFitForPeer(text) && !readsAlike(text, value) {
		l.add(PeerDiffers, a.key, key)
	}
}

// textForPeer returns the text after the key, with the comment after the value. A # right after it is none of those that all
// readers take for a comment, which is a finding of its own.
func (l *linter) textForPeer(a assignment) string {
	end := a.valueEnd
	if !l.isCutByHash(a) {
		end = lineEnd(l.text, end)
	}
	return l.text[a.keyEnd:end]
}

// checkValue reports what can be seen from the value alone.
func (l *linter) checkValue(a assignment, key, raw, value string) {
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
}

// checkPlace reports what the text around the value did to it.
func (l *linter) checkPlace(a assignment, key string) {
	if l.isCutByHash(a) {
		l.add(CutByHash, a.valueEnd, key)
	}
	if a.value < a.valueEnd && strings.ContainsAny(l.text[a.keyEnd:a.value], "\r\n\u2028\u2029") {
		l.add(NextLineValue, a.value, key)
	}
}

func (l *linter) isCutByHash(a assignment) bool {
	hash := a.valueEnd < len(l.text) && l.text[a.valueEnd] == '#'
	return hash && !a.quoted && blankLenBefore(l.text[:a.valueEnd]) == 0
}

// strayEscape returns the place of the first backslash in a quoted value that looks like an escape and is none, 0 if
// there is none.
func strayEscape(raw string) int {
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
