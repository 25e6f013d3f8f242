package devvars

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// characters reports what is invisible in text, a value without its quotes that starts at at, and
// typographic quotes around it. It returns whether it did.
func (l *linter) characters(a *assignment, key, text string, at int) bool {
	if isASCII(text) {
		return false
	}
	if !utf8.ValidString(text) {
		l.add(InvalidUTF8, int(a.value), key, "")
		return true
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, n := utf8.DecodeLastRuneInString(text)
	end := len(text) - n
	switch i := strings.IndexFunc(text, isInvisible); {
	case isInvisible(first) || isWideBlank(first):
		l.add(InvisibleCharacter, at, key, invisibleText(first, "at the start of the value"))
	case isInvisible(last) || isWideBlank(last):
		l.add(InvisibleCharacter, at+end, key, invisibleText(last, "at the end of the value"))
	case i >= 0 && isASCIIBesideInvisible(text):
		r, _ := utf8.DecodeRuneInString(text[i:])
		l.add(InvisibleCharacter, at+i, key, invisibleText(r, "in the value"))
	case !a.quoted && isQuoted(text, first, last):
		l.add(TypographicQuotes, at, key, "")
	default:
		return false
	}
	return true
}

// isASCIIBesideInvisible reports whether every visible character of s is an ASCII character. Only
// then is an invisible character in the middle a mistake: some languages and emoji need them.
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

// skippedLine reports the line text[i:j], which is not an assignment: the character that keeps it
// from being one, if it looks like one.
func (l *linter) skippedLine(i, j int) {
	line := l.text[i:j]
	at, r, rule := odd(line)
	switch {
	case rule == InvalidUTF8:
		l.add(InvalidUTF8, i+at, "", "")
	case r == wideEquals:
		l.add(rule, i+at, "", "U+FF1D is a wide = that wrangler does not know, so it ignores this line; write =")
	case rule != "":
		text := fmt.Sprintf("%U, %s, is in the name, so wrangler ignores this line; ", r, describe(r))
		l.add(rule, i+at, "", text+rule.Info().Cure)
	default:
		l.add(SkippedText, i, "", "")
	}
}

// odd returns the first invisible character in the name of line, or else the first letter that is
// not ASCII, and the rule that is about it. A wide = counts as one. The rule is "" if there is
// none, or if line does not look like an assignment.
func odd(line string) (at int, r rune, rule Rule) {
	name, _, found := strings.Cut(line, "=")
	if n := strings.IndexRune(name, wideEquals); n >= 0 {
		name, found = name[:n+utf8.RuneLen(wideEquals)], true
	}
	if !found {
		name, _, found = strings.Cut(line, ": ")
	}
	name = strings.TrimRightFunc(name, isSpace)
	start := 0
	if after, ok := strings.CutPrefix(name, "export"); ok {
		start = len(name) - len(strings.TrimLeftFunc(after, isSpace))
	}
	if n := len(strings.TrimLeftFunc(line, isInvisible)); n < len(line) && (n == 0 || line[len(line)-n] == '#') {
		found = true
		name, start = line[:len(line)-n], 0
	}
	if !found {
		return 0, 0, ""
	}
	for i, c := range name[start:] {
		switch {
		case c == utf8.RuneError:
			return start + i, c, InvalidUTF8
		case c < utf8.RuneSelf && classes[c]&keyByte != 0:
		case isInvisible(c) || isWideBlank(c):
			if rule != InvisibleCharacter {
				at, r, rule = start+i, c, InvisibleCharacter
			}
		case c == wideEquals, c >= utf8.RuneSelf && unicode.In(c, unicode.L, unicode.M, unicode.N, unicode.P):
			if rule == "" {
				at, r, rule = start+i, c, LookAlike
			}
		default:
			return 0, 0, ""
		}
	}
	return at, r, rule
}

// wideEquals is the = of Chinese and Japanese keyboards.
const wideEquals = '\uFF1D'

func isSpace(r rune) bool { return r == ' ' || r == '\t' || isWideBlank(r) }

// isWideBlank reports whether r is white space of several bytes in JavaScript.
func isWideBlank(r rune) bool { return r >= utf8.RuneSelf && wideBlankLen(string(r)) > 0 }

// isInvisible reports whether r is a character that nobody can see, and not white space.
func isInvisible(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return isControl(byte(r))
	case r == '\u034F', r == '\u115F', r == '\u1160', r == '\u17B4', r == '\u17B5', r == '\u3164', r == '\uFFA0':
		return true
	case r == '\uFEFF':
		return true // white space in JavaScript, and visible to nobody
	}
	return unicode.In(r, unicode.Cc, unicode.Cf)
}

// isControl reports whether c is an ASCII control character that is not white space.
func isControl(c byte) bool { return c < ' ' && classes[c]&blankByte == 0 || c == 0x7F }

// invisibleText returns the text of a finding about r, which is at a place such as "in the value".
func invisibleText(r rune, place string) string {
	return fmt.Sprintf("%U, %s, is %s; %s", r, describe(r), place, InvisibleCharacter.Info().Cure)
}

var characterNames = map[rune]string{
	'\u00A0': "a no-break space",
	'\u00AD': "a soft hyphen",
	'\u061C': "an Arabic letter mark",
	'\u180E': "a Mongolian vowel separator",
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
