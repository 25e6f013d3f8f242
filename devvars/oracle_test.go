package devvars_test

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The oracle is a backtracking matcher for the regular expression of dotenv 16.3.1, made of a
// closure for each part of it. It shares no code with the scanner. TestOracleAgreesWithVectors
// checks it.

// part matches the text at i. It calls next with each possible end of the match, in order, until
// next returns true.
type part func(text []rune, i int, next func(int) bool) bool

func one(is func(rune) bool) part {
	return func(t []rune, i int, next func(int) bool) bool {
		return i < len(t) && is(t[i]) && next(i+1)
	}
}

func char(c rune) part { return one(func(r rune) bool { return r == c }) }

func word(s string) part {
	var ps []part
	for _, c := range s {
		ps = append(ps, char(c))
	}
	return seq(ps...)
}

func seq(ps ...part) part {
	if len(ps) == 0 {
		return func(_ []rune, i int, next func(int) bool) bool { return next(i) }
	}
	rest := seq(ps[1:]...)
	return func(t []rune, i int, next func(int) bool) bool {
		return ps[0](t, i, func(j int) bool { return rest(t, j, next) })
	}
}

func alt(ps ...part) part {
	return func(t []rune, i int, next func(int) bool) bool {
		return slices.ContainsFunc(ps, func(p part) bool { return p(t, i, next) })
	}
}

func many(p part) part {
	return func(t []rune, i int, next func(int) bool) bool {
		return p(t, i, func(j int) bool { return many(p)(t, j, next) }) || next(i)
	}
}

func few(p part) part {
	return func(t []rune, i int, next func(int) bool) bool {
		return next(i) || p(t, i, func(j int) bool { return few(p)(t, j, next) })
	}
}

func optional(p part) part { return alt(p, seq()) }

func capture(p part, from, to *int) part {
	return func(t []rune, i int, next func(int) bool) bool {
		return p(t, i, func(j int) bool {
			oldFrom, oldTo := *from, *to
			*from, *to = i, j
			if next(j) {
				return true
			}
			*from, *to = oldFrom, oldTo // backtrack
			return false
		})
	}
}

func assert(is func(t []rune, i int) bool) part {
	return func(t []rune, i int, next func(int) bool) bool { return is(t, i) && next(i) }
}

func isBreak(r rune) bool { return strings.ContainsRune("\n\r\u2028\u2029", r) }
func isBlank(r rune) bool {
	return strings.ContainsRune("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff", r) ||
		r >= 0x2000 && r <= 0x200a
}
func isKey(r rune) bool {
	return r < 0x80 && strings.ContainsRune("_.-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", r)
}
func isPlain(r rune) bool { return r != '#' && r != '\n' && r != '\r' }

func atStart(t []rune, i int) bool { return i == 0 || isBreak(t[i-1]) }
func atEnd(t []rune, i int) bool   { return i == len(t) || isBreak(t[i]) }

type oraclePair struct{ key, value string }

// oracleParse returns the entries of dotenv.parse(src) in the order of Object.keys.
func oracleParse(src string) []oraclePair {
	text := oracleText(src)
	var keyFrom, keyTo, valueFrom, valueTo int
	blank := one(isBlank)
	quoted := func(q rune) part {
		inner := alt(seq(char('\\'), char(q)), one(func(r rune) bool { return r != q }))
		return seq(many(blank), char(q), many(inner), char(q))
	}
	value := alt(quoted('\''), quoted('"'), quoted('`'), seq(one(isPlain), many(one(isPlain))))
	line := seq(
		assert(atStart), many(blank),
		optional(seq(word("export"), blank, many(blank))),
		capture(seq(one(isKey), many(one(isKey))), &keyFrom, &keyTo),
		alt(seq(many(blank), char('='), few(blank)), seq(char(':'), blank, few(blank))),
		optional(capture(value, &valueFrom, &valueTo)),
		many(blank),
		optional(seq(char('#'), many(one(func(r rune) bool { return !isBreak(r) })))),
		assert(atEnd),
	)
	var pairs []oraclePair
	for i := 0; i <= len(text); {
		end := -1
		valueFrom, valueTo = 0, 0
		if !line(text, i, func(j int) bool { end = j; return true }) {
			i++
			continue
		}
		pairs = oracleAssign(pairs, string(text[keyFrom:keyTo]), oracleValue(text[valueFrom:valueTo]))
		i = max(end, i+1)
	}
	return pairs
}

// oracleText decodes src as the WHATWG decoder does, and replaces line ends with LF.
func oracleText(src string) []rune {
	var b strings.Builder
	for len(src) > 0 {
		r, n := utf8.DecodeRuneInString(src)
		if r == utf8.RuneError && n == 1 {
			for n < len(src) && n < 4 && isPrefix(src[:n+1]) {
				n++
			}
		}
		b.WriteRune(r)
		src = src[n:]
	}
	s := strings.ReplaceAll(b.String(), "\r\n", "\n")
	return []rune(strings.ReplaceAll(s, "\r", "\n"))
}

// isPrefix reports whether s is the start of the encoding of a character, and not all of it.
func isPrefix(s string) bool {
	for _, tail := range []string{"\x80", "\x80\x80", "\xbf", "\xbf\xbf"} {
		if r, n := utf8.DecodeRuneInString(s + tail); r != utf8.RuneError && n == len(s)+len(tail) {
			return true
		}
	}
	for c := byte(0x80); c < 0xC0; c++ {
		for _, tail := range []string{"", "\x80", "\x80\x80"} {
			u := s + string([]byte{c}) + tail
			if _, n := utf8.DecodeRuneInString(u); n == len(u) && n > 1 {
				return true
			}
		}
	}
	return false
}

func oracleValue(raw []rune) string {
	for len(raw) > 0 && isBlank(raw[0]) {
		raw = raw[1:]
	}
	for len(raw) > 0 && isBlank(raw[len(raw)-1]) {
		raw = raw[:len(raw)-1]
	}
	if len(raw) == 0 {
		return ""
	}
	value := oracleUnquote(raw)
	if raw[0] == '"' {
		value = strings.ReplaceAll(value, `\n`, "\n")
		value = strings.ReplaceAll(value, `\r`, "\r")
	}
	return value
}

func oracleUnquote(raw []rune) string {
	var out []rune
	for i := 0; i < len(raw); {
		end := -1
		if atStart(raw, i) && strings.ContainsRune("'\"`", raw[i]) {
			for j := i + 1; j < len(raw); j++ {
				if raw[j] == raw[i] && atEnd(raw, j+1) {
					end = j
				}
			}
		}
		if end < 0 {
			out = append(out, raw[i])
			i++
			continue
		}
		out = append(out, raw[i+1:end]...)
		i = end + 1
	}
	return string(out)
}

func oracleAssign(pairs []oraclePair, key, value string) []oraclePair {
	if key == "__proto__" {
		return pairs
	}
	if i := slices.IndexFunc(pairs, func(p oraclePair) bool { return p.key == key }); i >= 0 {
		pairs[i].value = value
		return pairs
	}
	i := len(pairs)
	if n, ok := oracleIndex(key); ok {
		for i = 0; i < len(pairs); i++ {
			if m, ok := oracleIndex(pairs[i].key); !ok || m > n {
				break
			}
		}
	}
	return slices.Insert(pairs, i, oraclePair{key, value})
}

// oracleIndex returns the number that key is if it is an array index.
func oracleIndex(key string) (n int64, ok bool) {
	if key == "" || key != "0" && (key[0] == '0' || len(key) > 10) {
		return 0, false
	}
	for _, c := range key {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, n < 4294967295
}
