package devvars

import "strings"

// line returns the line at i, a line start, without its end.
func (b *breaker) line(i int) string { return b.text[i:lineEnd(b.text, i)] }

// lines calls f with each line from start on until f returns false, and returns the end of the last
// line for which f said that it belongs to the value.
func (b *breaker) lines(start int, f func(line string) (belongs, more bool)) int {
	end := start
	for i := start; i < len(b.text); {
		line := b.line(i)
		i = afterLine(b.text, i+len(line))
		belongs, more := f(line)
		if belongs {
			end = i
		}
		if !more {
			break
		}
	}
	return end
}

const (
	pemBegin  = "-----BEGIN"
	pemEnd    = "-----END"
	minBase64 = 32 // the least length of a line of Base64 that is taken for one without other signs
	minPiece  = 16 // likewise, if the line before it is Base64
)

// pem returns the end of the lines that belong to a PEM text or to Base64. That is after the line
// with -----END, and before a line that cannot be a part of it.
func (b *breaker) pem(start int) int {
	inBody, ended := false, false
	return b.lines(start, func(line string) (belongs, more bool) {
		line = strings.TrimRight(strings.TrimSpace(line), "\\,;'\"`")
		switch {
		case strings.HasPrefix(line, pemBegin):
			inBody, ended = false, strings.Contains(line, pemEnd)
			return true, true
		case line == "":
			return false, true
		case ended || isNamed(line) && !(isBase64(line, 1) && len(line)%4 == 0):
			return false, false
		case strings.Contains(line, pemEnd):
			ended = true
			return true, true // another PEM text may follow
		case isBase64(line, 1):
			inBody = true
			return true, true
		}
		isHeader := !inBody && strings.Contains(line, ": ")
		return isHeader, isHeader
	})
}

// isBase64 reports whether s is at least n characters of Base64, with padding or without.
func isBase64(s string, n int) bool {
	body := strings.TrimRight(s, "=")
	if len(s) < n || body == "" || len(s)-len(body) > 2 {
		return false
	}
	for i := range len(body) {
		c := body[i]
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/') {
			return false
		}
	}
	return true
}

// isNamed reports whether line is NAME=value, or NAME= with a name in capital letters. Base64 with
// padding is rather not.
func isNamed(line string) bool {
	i := skipBlank(line, 0)
	if strings.HasPrefix(line[i:], "export ") {
		i = skipBlank(line, i+len("export"))
	}
	end := skipKey(line, i)
	v, ok := separator(line, end)
	if !ok || end == i || line[v-1] != '=' {
		return false
	}
	name, value := line[i:end], line[v:]
	return strings.Trim(value, "=") != "" || value == "" && name == strings.ToUpper(name)
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

// brackets returns the end of the lines that belong to JSON whose first line is first. That is
// after the bracket that closes the first one, and before an assignment.
func (b *breaker) brackets(first string, start int) int {
	depth := nesting(first)
	return b.lines(start, func(line string) (belongs, more bool) {
		depth += nesting(line)
		belongs = !isNamed(line)
		return belongs, belongs && depth > 0
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

// until returns the end of the line that is word, start if there is none before an assignment.
func (b *breaker) until(start int, word string) int {
	if start < b.open['<'] {
		return start
	}
	found := false
	end := b.lines(start, func(line string) (belongs, more bool) {
		found = strings.TrimSpace(line) == word
		return true, !found && !isNamed(line)
	})
	if !found {
		b.open['<'], end = end, start
	}
	return end
}

// indented returns the end of the lines that start with white space.
func (b *breaker) indented(start int) int {
	return b.lines(start, func(line string) (belongs, more bool) {
		belongs = line != "" && strings.TrimLeft(line, " \t") != line
		return belongs, belongs
	})
}

// continued returns the end of the lines that continue one with a backslash at its end.
func (b *breaker) continued(start int) int {
	return b.lines(start, func(line string) (belongs, more bool) {
		line = strings.TrimSpace(line)
		belongs = line != "" && !isComment(line) && !isNamed(line) && !isColon(line)
		return belongs, belongs && strings.HasSuffix(line, `\`)
	})
}

// quoted returns the end of the lines that belong to a value which starts with a quote and cannot
// end with it. That is after a line with the closing quote at its end, if there is one before an
// assignment, and else before a line that is an assignment, blank or a comment.
func (b *breaker) quoted(quote byte, start int) int {
	q := string(quote)
	if start >= b.open[quote] {
		found := false
		end := b.lines(start, func(line string) (belongs, more bool) {
			line = strings.TrimSpace(line)
			found = strings.HasSuffix(line, q) && strings.Count(line, q)%2 == 1
			return true, !found && !isNamed(line)
		})
		if found {
			return end
		}
		b.open[quote] = end
	}
	return b.lines(start, func(line string) (belongs, more bool) {
		belongs = strings.TrimSpace(line) != "" && !isComment(line) && !isNamed(line) && !isColon(line)
		return belongs, belongs
	})
}

// isColon reports whether line is an assignment with a colon.
func isColon(line string) bool {
	start := skipBlank(line, 0)
	end := skipKey(line, start)
	v, ok := separator(line, end)
	return ok && end > start && line[v-1] != '='
}
