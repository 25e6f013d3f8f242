package devvars

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// characters adds a finding about what is invisible in v, typographic quotes around it, or white
// space at its ends.
func (l *linter) characters(v valueText) {
	first, _ := utf8.DecodeRuneInString(v.text)
	last, n := utf8.DecodeLastRuneInString(v.text)
	isPlain := l.isASCII || isASCII(v.text)
	switch {
	case !isPlain && !utf8.ValidString(v.text):
		l.add(int(v.value), RuleInvalidUTF8)
	case isUnseen(first):
		l.unseen(v.at, first, "at the start of the value")
	case isUnseen(last):
		l.unseen(v.at+len(v.text)-n, last, "at the end of the value")
	case !isPlain && isASCIIBesideInvisible(v.text):
		i := strings.IndexFunc(v.text, isInvisible)
		r, _ := utf8.DecodeRuneInString(v.text[i:])
		l.unseen(v.at+i, r, "in the value")
	case !isPlain && !v.quoted && isQuoted(v.text, first, last):
		l.add(v.at, RuleTypographicQuotes)
	case hasOuterSpace(v):
		l.add(int(v.value), RuleOuterSpace)
	}
}

// unseen adds a finding about r, which is at a place such as "in the value".
func (l *linter) unseen(offset int, r rune, place string) {
	text := fmt.Sprintf("%U, %s, is %s; ", r, describe(r), place)
	l.add(offset, RuleInvisibleCharacter, text, RuleInvisibleCharacter.Info().Cure)
}

// hasOuterSpace reports whether v has ASCII white space at its ends. Line ends are right in a text of
// several lines.
func hasOuterSpace(v valueText) bool {
	last := len(v.text) - 1
	endsLine := v.quote == '"' && (strings.HasSuffix(v.text, `\n`) || strings.HasSuffix(v.text, `\r`))
	if !endsLine && (classes[v.text[0]]|classes[v.text[last]])&blankByte == 0 {
		return false
	}
	return !strings.Contains(v.text[:last], "\n") && !(endsLine && strings.Contains(v.text[:last-1], `\n`))
}

// isASCIIBesideInvisible reports whether s has invisible characters, and apart from these only ASCII
// characters. Only then are those in the middle a mistake: some languages and emoji need them.
func isASCIIBesideInvisible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf && !isInvisible(r) }) < 0
}

const (
	openingQuotes = "“”„‟‘’‚‛«»‹›´＂＇"
	closingQuotes = "“”‟‘’‛«»‹›´＂＇"
)

// isQuoted reports whether typographic quotes are around s, or before it and not in it.
func isQuoted(s string, first, last rune) bool {
	if !strings.ContainsRune(openingQuotes, first) {
		return false
	}
	rest := s[utf8.RuneLen(first):]
	return rest != "" && (strings.ContainsRune(closingQuotes, last) || !strings.ContainsAny(rest, closingQuotes))
}

// line adds a finding about a line at offset at that is not an assignment: about the character that
// keeps it from being one, if it looks like one.
func (l *linter) line(at int, line string) {
	i, r := oddCharacter(line)
	rule := RuleLookAlike
	switch {
	case i < 0:
		l.add(at, RuleSkippedText, skippedText(line))
		return
	case r == utf8.RuneError:
		l.add(at+i, RuleInvalidUTF8)
		return
	case r == wideEquals:
		l.add(at+i, RuleLookAlike, "U+FF1D is a wide = that wrangler does not know, so it ignores this line; write =")
		return
	case isUnseen(r):
		rule = RuleInvisibleCharacter
	}
	text := fmt.Sprintf("%U, %s, is in the name, so wrangler ignores this line; ", r, describe(r))
	l.add(at+i, rule, text, rule.Info().Cure)
}

// skippedLines match lines of other languages, and say what to change.
var skippedLines = []struct {
	line *regexp.Regexp
	text string
}{
	{regexp.MustCompile(`^\[[\w. -]+\]$`), "the file has no sections, so wrangler ignores this header; delete it"},
	{regexp.MustCompile(`^((?i:set|env|let|var|const|declare -x) +|- +|\$(?i:env):)[\w.-]+ *=`),
		"wrangler ignores this line, since it does not start with a name; write NAME=value alone"},
	{regexp.MustCompile(`^(?:"[\w.-]+"|'[\w.-]+') *[=:]`),
		"wrangler ignores this line, since the name is in quotes; write NAME=value"},
}

// skippedText returns the text of a finding about a line that is not an assignment, "" for that of the rule.
func skippedText(line string) string {
	for _, skipped := range skippedLines {
		if skipped.line.MatchString(line) {
			return skipped.text
		}
	}
	return ""
}

// wideEquals is the = of Chinese and Japanese keyboards.
const wideEquals = '\uFF1D'

// oddCharacter returns the first invisible character in the name of line, or else the first letter
// that is not ASCII, or else a wide =. The offset is -1 if there is none, or if line does not look
// like an assignment.
func oddCharacter(line string) (at int, r rune) {
	if r, _ := utf8.DecodeRuneInString(line); isUnseen(r) {
		return 0, r
	}
	end := strings.IndexAny(line, "="+string(wideEquals))
	if end < 0 {
		end = strings.Index(line, ": ")
	}
	if end < 0 {
		return -1, 0
	}
	isSpace := func(r rune) bool { return r == ' ' || r == '\t' || isWideBlank(r) }
	name, start := strings.TrimRightFunc(line[:end], isSpace), 0
	if after, ok := strings.CutPrefix(name, "export"); ok {
		start = len(name) - len(strings.TrimLeftFunc(after, isSpace))
	}
	if at = -1; strings.HasPrefix(line[end:], string(wideEquals)) {
		at, r = end, wideEquals
	}
	for i, c := range name[start:] {
		switch {
		case c == utf8.RuneError || isUnseen(c):
			return start + i, c
		case c < utf8.RuneSelf && classes[c]&keyByte != 0:
		case c >= utf8.RuneSelf && unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.P):
			if at < 0 || r == wideEquals {
				at, r = start+i, c
			}
		default:
			return -1, 0
		}
	}
	return at, r
}

// isUnseen reports whether r looks like nothing, or like a space.
func isUnseen(r rune) bool { return isInvisible(r) || isWideBlank(r) }

// isWideBlank reports whether r is white space of several bytes in JavaScript.
func isWideBlank(r rune) bool { return r >= utf8.RuneSelf && wideBlankLen(string(r)) > 0 }

// isInvisible reports whether r is a character that nobody can see, and not white space. U+FEFF is
// one, although it is white space in JavaScript.
func isInvisible(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' && classes[r]&blankByte == 0 || r == 0x7F
	}
	const others = "\u034F\u115F\u1160\u17B4\u17B5\u3164\uFFA0\uFEFF"
	return unicode.In(r, unicode.Cc, unicode.Cf) || strings.ContainsRune(others, r)
}

var characterNames = map[rune]string{
	'\u00A0': "a no-break space",
	'\u00AD': "a soft hyphen",
	'\u200B': "a zero width space",
	'\u200C': "a zero width non-joiner",
	'\u200D': "a zero width joiner",
	'\u200E': "a left-to-right mark",
	'\u200F': "a right-to-left mark",
	'\u202F': "a narrow no-break space",
	'\u2060': "a word joiner",
	'\u3000': "an ideographic space",
	'\uFEFF': "a byte order mark",
}

// describe returns what r is, with an article.
func describe(r rune) string {
	name := characterNames[r]
	switch {
	case name != "":
		return name
	case '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069':
		return "a mark for the direction of text"
	case unicode.Is(unicode.Cc, r):
		return "a control character"
	case isInvisible(r):
		return "an invisible character"
	case isWideBlank(r):
		return "a space that is not the ASCII one"
	case unicode.Is(unicode.Pd, r):
		return "a dash that is not the ASCII one"
	case unicode.Is(unicode.Cyrillic, r):
		return "a Cyrillic character"
	case unicode.Is(unicode.Greek, r):
		return "a Greek character"
	}
	return "a character that is not ASCII"
}

// binary stands for the encoding of a file that is not text.
const binary = "binary"

// encodingOf returns UTF-16, UTF-32 or binary if text has a byte order mark of these or many NUL
// bytes, "" if it may be UTF-8.
func encodingOf(text string) string {
	switch {
	case strings.HasPrefix(text, "\xff\xfe\x00\x00"), strings.HasPrefix(text, "\x00\x00\xfe\xff"):
		return "UTF-32"
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return "UTF-16"
	}
	total := strings.Count(text, "\x00")
	if total*16 < len(text) || total == 0 {
		return ""
	}
	atEven := 0
	for i := 0; i < len(text); i += 2 {
		if text[i] == 0 {
			atEven++
		}
	}
	most := max(atEven, total-atEven)
	if most*4 >= len(text) && (total-most)*8 <= most {
		return "UTF-16"
	}
	return binary
}
