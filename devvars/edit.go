package devvars

import (
	"errors"
	"fmt"
	"iter"
	"strings"
)

// ErrKey is the error for a name that cannot be a key: the characters of a key are A to Z, a to z, 0 to 9, "_", "." and
// "-", there is at least one, and __proto__ is no key.
var ErrKey = errors.New("not a key of .dev.vars")

// Set makes value the value of key. It changes the last assignment to key, on its own line and with the comment after
// it kept, or adds a line at the end if there is none. Every other key keeps its value; setting the value that the key
// has changes nothing at all. The new text is written as [Quote] does, or in another form where that
// would change how the text before it is read.
//
// The error wraps [ErrKey] or [ErrValue], and then the file is as it was.
func (f *File) Set(key, value string) error {
	if key == "" || skipKey(key, 0) != len(key) || key == "__proto__" {
		return ErrKey // the name may be a line with a secret, given by mistake
	}
	old, there := f.Lookup(key)
	if there && old == value {
		return nil
	}
	c := f.get()
	for text := range c.edits(key, value, there) {
		if edited := newContent(text); edited.equals(c, key, value) {
			f.content = func() *content { return edited }
			return nil
		}
	}
	return fmt.Errorf("%s: %w", key, ErrValue)
}

// edits returns the texts with key set to value that are worth a try.
func (c *content) edits(key, value string, there bool) iter.Seq[string] {
	if there {
		return c.replacements(c.lastAssignment(key), value)
	}
	return c.additions(key, value)
}

// orderedForms returns Quote's choice, then the other forms.
func orderedForms(value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		best, err := Quote(value)
		if err != nil || !yield(best) {
			return
		}
		for form := range forms(value) {
			if form != best && !yield(form) {
				return
			}
		}
	}
}

// replacements returns the text with another value in the assignment a: in the place of the old value, or, where the
// old one stands too far from its key for the new one, right after the key.
func (c *content) replacements(a assignment, value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		before, after := c.text[:a.value], c.text[a.valueEnd:]
		if strings.HasPrefix(after, "#") {
			after = " " + after
		}
		for form := range orderedForms(value) {
			if !yield(before+form+after) || !yield(c.text[:a.keyEnd]+"="+form+after) {
				return
			}
		}
	}
}

// additions returns the text with a line for key at its end. A blank line between keeps an open "KEY:" before it from
// taking the new line for its value.
func (c *content) additions(key, value string) iter.Seq[string] {
	return func(yield func(string) bool) {
		end := c.lineEnd()
		before := c.text
		if before != "" && !strings.HasSuffix(before, "\n") && !strings.HasSuffix(before, "\r") {
			before += end
		}
		for _, gap := range []string{"", end} {
			for form := range orderedForms(value) {
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

func (c *content) lastAssignment(key string) (last assignment) {
	x := scanner{text: c.text}
	var a assignment
	for x.next(&a) {
		if c.text[a.key:a.keyEnd] == key {
			last = a
		}
	}
	return last
}

// equals reports whether c has what old has, but value for key.
func (c *content) equals(old *content, key, value string) bool {
	ix, oldIndex := c.lookupTable(), old.lookupTable()
	got, ok := ix.find(c, key)
	if !ok || c.value(got) != value {
		return false
	}
	want := len(oldIndex.spans)
	if _, there := oldIndex.find(old, key); !there {
		want++
	}
	return len(ix.spans) == want && c.includes(old, key)
}

// includes reports whether c has every key of old but except, with the same value.
func (c *content) includes(old *content, except string) bool {
	ix := c.lookupTable()
	for _, s := range old.lookupTable().spans {
		key := old.key(s)
		if key == except {
			continue
		}
		got, ok := ix.find(c, key)
		if !ok || c.value(got) != old.value(s) {
			return false
		}
	}
	return true
}

// Delete removes every assignment to key, each with its whole line or lines and its comment, and reports whether there
// was one. Every other key keeps its value.
func (f *File) Delete(key string) bool {
	if _, ok := f.Lookup(key); !ok {
		return false
	}
	c := f.get()
	for _, remains := range []string{"", guard + c.lineEnd()} {
		edited := newContent(c.without(key, remains))
		if len(edited.lookupTable().spans) == len(c.lookupTable().spans)-1 && edited.includes(c, key) {
			f.content = func() *content { return edited }
			return true
		}
	}
	return false // no text is known that leads here: guard ends whatever could have changed
}

// guard is a comment that no quote left open on an earlier line can end in: each of the three quotes has something
// after it.
const guard = "# '.\".`."

// without returns the text with remains in place of each line that assigns to key.
func (c *content) without(key, remains string) string {
	var b strings.Builder
	at := 0
	x := scanner{text: c.text}
	var a assignment
	for x.next(&a) {
		if c.text[a.key:a.keyEnd] != key {
			continue
		}
		b.WriteString(c.text[at:c.lineStart(at, a.start)])
		b.WriteString(remains)
		at = x.at
	}
	b.WriteString(c.text[at:])
	return b.String()
}

// lineStart returns the start of the line that i is in, no lower than from.
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
