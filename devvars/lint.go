package devvars

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lint returns what looks wrong in f, in the order of the text: not errors, which the language does not have, but text
// that dotenv reads otherwise than people, other tools or wrangler's .env files do. The caller owns the slice.
//
// The time grows with the length of the text. Values over 64 KiB, and those of several lines
// with more than 8 dollar signs, are not compared with godotenv.
func (f *File) Lint() []Finding {
	l := linter{content: f.get(), expanded: expansions(f)}
	l.values.traits = l.traits
	l.at = locator{text: l.text}
	x := scanner{text: l.text}
	end := 0
	var a assignment
	for x.next(&a) {
		l.skipped(end, a.start)
		l.assignment(a)
		end = x.at
	}
	l.skipped(end, len(l.text))
	return l.sorted()
}

// expansions returns what the values of f would be in a .env file, without those that would have none.
func expansions(f *File) map[string]string {
	if strings.IndexByte(f.get().text, '$') < 0 {
		return nil
	}
	e, _ := Expand(f.All(), ExpandOptions{}) // a key that fails is not in e, which is a difference as well
	return maps.Collect(e.All())
}

// linter collects findings as offsets, and turns them into positions in the end.
type linter struct {
	*content
	values   decoder
	expanded map[string]string
	at       locator
	findings []Finding
}

func (l *linter) add(rule Rule, offset int, key string) {
	l.findings = append(l.findings, Finding{Rule: rule, Pos: Position{Offset: offset}, Key: key})
}

func (l *linter) sorted() []Finding {
	slices.SortStableFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Offset, b.Pos.Offset), cmp.Compare(a.Rule, b.Rule))
	})
	for i := range l.findings {
		l.findings[i].Pos = l.at.position(l.findings[i].Pos.Offset)
	}
	return l.findings
}

// skipped reports the lines between from and to that are neither blank nor a comment.
func (l *linter) skipped(from, to int) {
	text := l.text[:to]
	for from < to {
		end := lineEnd(text, from)
		if i, j := trim(text, from, end); i < j && text[i] != '#' {
			l.add(SkippedText, i, "")
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
	if text := l.text[a.keyEnd:a.valueEnd]; isFitForPeer(text) && !readsAlike(text, value) {
		l.add(PeerDiffers, a.key, key)
	}
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
	hash := a.valueEnd < len(l.text) && l.text[a.valueEnd] == '#'
	if hash && !a.quoted && blankLenBefore(l.text[:a.valueEnd]) == 0 {
		l.add(CutByHash, a.valueEnd, key)
	}
	if a.value < a.valueEnd && strings.ContainsAny(l.text[a.keyEnd:a.value], "\r\n\u2028\u2029") {
		l.add(NextLineValue, a.value, key)
	}
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
