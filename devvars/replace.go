package devvars

import (
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// limits bounds the replacement of references. Each replacement searches and copies the whole
// value, as in dotenv-expand, so that a value with many references takes quadratic time up to the
// limit on the work. Work is counted in bytes.
type limits struct {
	maxBytes  int   // for one value
	maxWork   int64 // for one value
	totalWork int64 // left for all values

	// lengths has the lengths of the values that contain a dollar sign. Only a text of such a length
	// can be the same as a value that a later reference finds.
	lengths map[int]bool
}

const (
	defaultMaxBytes = 1 << 20
	workPerByte     = 32  // of the limit on the length, and of the input
	referenceWork   = 512 // for a reference, in addition to the length of the value before and after
)

// setLimits sets the limits. It needs the size of the environment.
func (e *environment) setLimits(maxBytes int) {
	if maxBytes <= 0 {
		maxBytes = max(defaultMaxBytes, e.size)
	}
	e.maxBytes = maxBytes
	e.maxWork = workPerByte * (min(int64(max(maxBytes, defaultMaxBytes)), 1<<40) + int64(e.size))
	e.totalWork = 2 * e.maxWork
}

// noteLength adds the length of a value that references find from now on.
func (l *limits) noteLength(value string) {
	if !strings.Contains(value, "$") {
		return
	}
	if l.lengths == nil {
		l.lengths = map[int]bool{}
	}
	l.lengths[len(value)] = true
}

// replaceAll returns value with its references replaced. It also returns the offset in value of the
// first reference to a missing name, -1 if there is none.
func (e *environment) replaceAll(value string) (result string, lost int, err error) {
	text, lost := value, -1
	original := len(value) // the length of the end of text that is still that of value
	seen := map[string]bool{}
	maxBytes, work := max(e.maxBytes, len(value)), min(e.maxWork, e.totalWork)
	defer func(before int64) { e.totalWork -= before - max(work, 0) }(work)
	for {
		start, end := findReference(text)
		if start < 0 {
			return text, lost, nil
		}
		if e.lengths[len(text)] {
			seen[text] = true
		}
		name, inserted, found, err := e.replacement(text[start:end], seen)
		if err != nil {
			return "", -1, err
		}
		if n := len(text) - start; !found && lost < 0 && n <= original {
			lost = len(value) - n
		}
		original = min(original, len(text)-end)
		before := len(text)
		if text, err = replaceFirst(text, text[start:end], inserted, maxBytes); err != nil {
			return "", -1, err
		}
		if work -= int64(referenceWork + before + len(text)); work < 0 {
			return "", -1, ErrExpandEndless
		}
		if value, ok := e.expanded(name); ok && value == text {
			return text, lost, nil
		}
	}
}

// findReference returns the bounds of the first reference in s, -1 if there is none.
func findReference(s string) (start, end int) {
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], '$')
		if n < 0 {
			return -1, -1
		}
		i += n
		if i > 0 && s[i-1] == '\\' {
			continue
		}
		if end := i + 1 + nameLen(s[i+1:]); end > i+1 {
			return i, end
		}
		if inBraces, ok := strings.CutPrefix(s[i+1:], "{"); ok {
			if n := strings.IndexAny(inBraces, "{}"); n > 0 && inBraces[n] == '}' {
				return i, i + len("${") + n + len("}")
			}
		}
	}
}

// nameLen returns the length of the name at the start of s: a letter or underscore, and the
// letters, digits and underscores after it.
func nameLen(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || isLetter(s[n]) || n > 0 && '0' <= s[n] && s[n] <= '9') {
		n++
	}
	return n
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// parseReference splits a reference at the first of :+ + :- and -. Without one, dotenv-expand
// splits it at JavaScript's null, so that $null is a reference to the empty name.
func parseReference(reference string) (name string, operator byte, text string) {
	expression := reference[1:]
	if expression[0] == '{' {
		expression = expression[1 : len(expression)-1]
	}
	if i := strings.IndexAny(expression, "+-"); i >= 0 {
		return strings.TrimSuffix(expression[:i], ":"), expression[i], expression[i+1:]
	}
	name, text, _ = strings.Cut(expression, "null")
	return name, 0, text
}

// replacement returns the name in a reference, what to insert for it, and false if that is nothing
// because the name is missing. A value that the text was equal to before counts as empty.
func (e *environment) replacement(reference string, seen map[string]bool) (name, text string, found bool, err error) {
	name, operator, text := parseReference(reference)
	value, ok := e.find(name)
	inherited := !ok && jsvalue.IsPrototypeName(name)
	switch {
	case operator == '+':
		if value == "" && !inherited {
			text = ""
		}
	case inherited:
		text, err = inheritedText(name)
	case value != "" && !seen[value]:
		text = value
	}
	return name, text, ok || inherited || operator != 0, err
}

// inheritedText returns what is inserted for a reference to a name that JavaScript objects inherit.
// All but __proto__ are functions, and dotenv-expand passes the function to
// String.prototype.replace, which calls it with the reference.
func inheritedText(name string) (string, error) {
	switch name {
	case "__proto__":
		return "[object Object]", nil
	case "toString":
		return "[object Undefined]", nil
	case "isPrototypeOf":
		return "false", nil
	case "constructor":
		return "", ErrExpandEndless // Object returns the reference
	}
	return "", ErrExpandBuiltin // the others throw an exception
}

// replaceFirst returns s with the first old in it replaced by inserted, and the patterns of
// String.prototype.replace in inserted replaced. The result has at most maxBytes.
func replaceFirst(s, old, inserted string, maxBytes int) (string, error) {
	before, after, _ := strings.Cut(s, old)
	var b strings.Builder
	b.Grow(min(len(before)+len(inserted)+len(after), maxBytes))
	b.WriteString(before)
	for inserted != "" && b.Len() <= maxBytes {
		i := strings.IndexByte(inserted, '$')
		if i < 0 || i+1 == len(inserted) {
			i = len(inserted)
		}
		b.WriteString(inserted[:i])
		if inserted = inserted[i:]; inserted == "" {
			break
		}
		n := len("$$")
		switch inserted[1] {
		case '$':
			b.WriteByte('$')
		case '&':
			b.WriteString(old)
		case '`':
			b.WriteString(before)
		case '\'':
			b.WriteString(after)
		default:
			b.WriteByte('$')
			n = len("$")
		}
		inserted = inserted[n:]
	}
	if b.Len()+len(after) > maxBytes {
		return "", ErrExpandSize
	}
	b.WriteString(after)
	return b.String(), nil
}
