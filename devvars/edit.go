package devvars

import (
	"iter"
	"strings"
)

// Set makes value the value of key. It changes the last assignment to key on its own line and keeps
// the comment after it, or adds a line at the end if there is no assignment. All other keys keep
// their values. Setting the value that key has already changes nothing. The value is written as by
// [Quote], or in another form if that one would change the meaning of other lines.
//
// The error is an *[EditError] with [ErrKey] or [ErrValue]. Then f is unchanged.
func (f *File) Set(key, value string) error {
	if reason := whyNoKey(key); reason != "" {
		return &EditError{Err: ErrKey, Reason: reason}
	}
	c := f.get()
	old := c.find(key)
	if old != nil && c.value(old) == value {
		return nil
	}
	texts := c.withLine(key, value)
	if old != nil {
		texts = c.withValue(old, value)
	}
	for text := range texts {
		edited := newContent(text)
		if got, ok := edited.lookup(key); ok && got == value && edited.equalsExcept(key, c) {
			f.setContent(edited)
			return nil
		}
	}
	err := &EditError{Key: key, Err: ErrValue, Reason: "every form of it would change the meaning of other lines"}
	if _, quoteErr := Quote(value); quoteErr != nil {
		err.Reason = whyNoForm(value)
	}
	return err
}

// whyNoKey returns the reason why name cannot be a key, "" if it can.
func whyNoKey(name string) string {
	switch {
	case name == "":
		return "it is empty"
	case name == protoKey:
		return "an assignment to __proto__ has no effect"
	case skipKey(name, 0) != len(name):
		return `it has a character other than A to Z, a to z, 0 to 9, "_", "." and "-"`
	}
	return ""
}

// withValue yields texts in which the assignment a has another value, the best first. The value
// replaces the old one or, if it cannot be that far from its key, follows the key.
func (c *content) withValue(a *assignment, value string) iter.Seq[string] {
	after := c.text[a.valueEnd:]
	if strings.HasPrefix(after, "#") {
		after = " " + after
	}
	return func(yield func(string) bool) {
		for _, form := range forms(value) {
			if !yield(c.text[:a.value]+form+after) || !yield(c.text[:a.keyEnd]+"="+form+after) {
				return
			}
		}
	}
}

// withLine yields texts with a line for key at the end, the best first. Some have a blank line
// before it, so that an open "KEY:" does not take the new line for its value.
func (c *content) withLine(key, value string) iter.Seq[string] {
	end := c.lineEnd()
	before := c.text
	if before != "" && !strings.HasSuffix(before, "\n") && !strings.HasSuffix(before, "\r") {
		before += end
	}
	return func(yield func(string) bool) {
		for _, gap := range []string{"", end} {
			for _, form := range forms(value) {
				if !yield(before + gap + key + "=" + form + end) {
					return
				}
			}
		}
	}
}

// lineEnd returns the first line end of the text, LF if there is none.
func (c *content) lineEnd() string {
	i := strings.IndexAny(c.text, "\r\n")
	switch {
	case i < 0 || c.text[i] == '\n':
		return "\n"
	case strings.HasPrefix(c.text[i:], "\r\n"):
		return "\r\n"
	}
	return "\r"
}

// equalsExcept reports whether c and other have the same keys and values, apart from key.
func (c *content) equalsExcept(key string, other *content) bool {
	count := 0
	for k, a := range other.index().All() {
		if k == key {
			continue
		}
		if value, ok := c.lookup(k); !ok || value != other.value(a) {
			return false
		}
		count++
	}
	if c.find(key) != nil {
		count++
	}
	return count == c.index().Len()
}

// Delete removes every assignment to key with all of its lines and its comment, and reports whether
// there was one. All other keys keep their values.
func (f *File) Delete(key string) bool {
	c := f.get()
	if c.find(key) == nil {
		return false
	}
	for _, remains := range []string{"", guard + c.lineEnd()} {
		edited := newContent(c.without(key, remains))
		if edited.find(key) == nil && edited.equalsExcept(key, c) {
			f.setContent(edited)
			return true
		}
	}
	return false // no text is known that leads here
}

// guard is a comment in which no value of an earlier line can end: each of the three quotes has a
// character other than white space after it.
const guard = "# '.\".`."

// without returns the text with remains in place of the lines of each assignment to key.
func (c *content) without(key, remains string) string {
	var b strings.Builder
	at := 0
	for i := range c.assignments {
		if a := &c.assignments[i]; c.key(a) == key {
			b.WriteString(c.text[at:c.lineStart(at, int(a.start))])
			b.WriteString(remains)
			at = c.end(a)
		}
	}
	b.WriteString(c.text[at:])
	return b.String()
}

// lineStart returns the start of the line of i, but at least from.
func (c *content) lineStart(from, i int) int {
	for i > from {
		n := blankLenBefore(c.text[from:i])
		if n == 0 || classes[c.text[i-n]]&breakByte != 0 || isSeparator(c.text, i-n) {
			break
		}
		i -= n
	}
	return i
}
