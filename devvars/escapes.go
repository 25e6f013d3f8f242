package devvars

import "strings"

// escapes reports the backslashes in a value that do not do what they look like. raw is the value
// with its quotes, text without, and at the offset of text.
func (l *linter) escapes(key, raw, text string, at int) {
	inDouble := raw[0] == '"'
	if strings.HasPrefix(strings.TrimSpace(text), pemBegin) {
		if i := strings.Index(text, `\n`); i >= 0 && !inDouble {
			l.add(PEMLineEnds, at+i, key, "")
			return
		}
		if i := strings.Index(text, `\\n`); i >= 0 {
			l.add(PEMLineEnds, at+i, key, `the PEM text has a backslash before each line break; write \n, not \\n`)
			return
		}
	}
	isPath := inDouble && isPath(text)
	if i := lineEscape(text); inDouble && i >= 0 && (isPath || staysLikePath(text)) {
		l.add(PathEscape, at+i, key, "")
		return
	}
	if classes[raw[0]]&quoteByte == 0 {
		return
	}
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		switch next := text[i+1]; {
		case next == raw[0],
			inDouble && next == '\\' && (i > 0 || !isPath),
			inDouble && !isPath && strings.IndexByte("tux0'`", next) >= 0:
			l.add(LiteralEscape, at+i, key, "")
			return
		case next == '\\':
			i++
		}
	}
}

// lineEscape returns the position of the first \n or \r in s, -1 if there is none.
func lineEscape(s string) int {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '\\' && (s[i+1] == 'n' || s[i+1] == 'r') {
			return i
		}
	}
	return -1
}

// isPath reports whether s has the sign of a Windows path: a drive, a server, or the name of a
// directory or variable that paths start with.
func isPath(s string) bool {
	for _, prefix := range []string{`\\`, `.\`, `..\`, `~\`} {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	if strings.HasPrefix(s, "%") && strings.Contains(s, `%\`) {
		return true
	}
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ':' && s[i+1] == '\\' && isLetter(s[i-1]) && (i == 1 || !isLetter(s[i-2])) {
			return true
		}
	}
	return false
}

// staysLikePath reports whether s has a backslash before a letter or digit that no language takes
// for an escape.
func staysLikePath(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if c := s[i+1]; s[i] == '\\' && (isLetter(c) || '0' <= c && c <= '9') && strings.IndexByte("nrtux0bfvae", c) < 0 {
			return true
		}
	}
	return false
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
