package devvars

import (
	"iter"
)

// File is a .dev.vars file: a text, and the assignments in it.
//
// The zero File is an empty file. Any number of goroutines may read a File at once; Set and Delete must not run beside
// anything else. A File shows nothing of its text when it is printed, logged or dumped, so that it can be held
// anywhere.
type File struct {
	// content is behind a function so that no reflection gets at the text.
	content func() *content
}

// Parse reads src as npm's dotenv 16.3.1 does, which is what wrangler 4.164.0 reads .dev.vars and .env files with. It
// copies src and cannot fail: the language has no syntax errors, and text that makes no sense is passed over. See
// [File.Lint] for what looks wrong.
//
// The time that Parse takes grows with the length of src and with nothing else. It allocates a few times, however long src
// is, and less than three bytes for each byte of a src that is not tiny. What is beyond 4 GiB is kept and not read;
// Node.js cannot hold a text of even 512 MiB.
func Parse(src []byte) *File {
	f := new(File)
	f.setText(string(src))
	return f
}

func (f *File) setText(text string) {
	c := newContent(text)
	f.content = func() *content { return c }
}

var empty = newContent("")

func (f *File) get() *content {
	if f == nil || f.content == nil {
		return empty
	}
	return f.content()
}

// All returns each key once, with the value that wrangler gives it, which is the last one in the file. The order is that
// of the JavaScript object that dotenv returns: keys that are integers first, ascending, then the others in the order
// in which they first occur. The key __proto__ is never there, because an assignment to it does nothing in JavaScript.
//
// Values are never expanded; see [Expand] for .env files. The strings share the memory of the File's text, so a caller
// that keeps a small one keeps the whole text. Values that are not in the text as they are, such as those with escapes, are made
// anew by each call and share memory with one another, up to 32 KiB.
func (f *File) All() iter.Seq2[string, string] {
	return func(yield func(key, value string) bool) { f.get().pairs(yield) }
}

// Lookup returns the value of key, and whether the file has it. A key that is set to nothing has the value "" and is
// there.
func (f *File) Lookup(key string) (string, bool) {
	c := f.get()
	s, ok := c.lookupTable().find(c, key)
	if !ok {
		return "", false
	}
	return c.value(s), true
}

// Len returns the number of distinct keys.
func (f *File) Len() int { return len(f.get().lookupTable().spans) }

// Bytes returns the text of the file: what was parsed, byte for byte, with the changes of Set and Delete. The caller
// owns the slice.
func (f *File) Bytes() []byte { return []byte(f.get().text) }

// String returns a placeholder. The text is got with [File.Bytes].
func (f *File) String() string { return "[devvars.File]" }

// GoString returns a placeholder, as String does.
func (f *File) GoString() string { return f.String() }
