// Package syntax reads the text of a wrangler configuration file, JSON or TOML, as wrangler 4.164.0 reads it.
//
// The libraries hujson and go-toml read what is well formed. What is well formed is for the reference to say, and it
// is not quite what either library takes, so that each format has a check in front: it goes through the text by the
// rules of the reference's parser (jsonc-parser 3.2.0, smol-toml 1.9.0), finds the first error and its name, and blanks
// out for the library whatever that would read in another way. The check decides what is accepted, the library reads it.
//
// The package knows nothing of what a configuration means.
package syntax

import (
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// Format is the language of a configuration file. The zero Format is None.
type Format int

// The formats. Wrangler reads .json files by the rules of .jsonc: comments and trailing commas are fine in both.
const (
	None Format = iota // a file that is not read
	JSONC
	TOML
)

// String returns "JSON", "TOML" or "none".
func (f Format) String() string {
	switch f {
	case JSONC:
		return "JSON"
	case TOML:
		return "TOML"
	}
	return "none"
}

// FormatOf returns the format that wrangler reads the file at path in. It goes by the letters at the end of path, in
// lower case: a file named ".toml" is TOML, one named "wrangler.TOML" is not read.
func FormatOf(path string) Format {
	switch {
	case strings.HasSuffix(path, ".toml"):
		return TOML
	case strings.HasSuffix(path, ".json"), strings.HasSuffix(path, ".jsonc"):
		return JSONC
	}
	return None
}

// Bounds on what is read. No configuration comes near them; they keep the memory for a hostile file within a small
// multiple of its size, and the stack within reason.
const (
	// MaxDepth is how deep objects, arrays and tables may be nested. The reference runs out of stack before that, at
	// 2,000 to 7,000 levels. (Arrays and inline tables of TOML end at 1,000, there and here.)
	MaxDepth = 10_000
	// MaxValues is how many values and tables a file may hold.
	MaxValues = 1 << 20
)

// Parse reads the text of a file in format f. The error is an [*Error]: the first one in the text, as the reference
// finds it.
//
// The value is what the reference gets: any JSON value, or an object without a prototype for TOML. For [None] it is
// an empty object, whatever src holds. Values and keys carry byte offsets into src:
//
//   - a value has the offset of its first byte;
//   - a TOML table that has a header, and an array of tables, has that of the header's first bracket (of the first
//     header, for the array);
//   - a TOML table that only a dotted key mentions has that of its part of the key.
//
// A UTF-8 byte order mark is skipped, and what is not UTF-8 is read as U+FFFD. The result shares no memory with src.
func Parse(src []byte, f Format) (jsvalue.Value, error) {
	if f == None {
		return jsvalue.ObjectValue(jsvalue.NewObject()), nil
	}
	s, err := newSource(src)
	if err != nil {
		return jsvalue.Value{}, s.report(f, err)
	}
	read := readJSONC
	if f == TOML {
		read = readTOML
	}
	v, err := read(s)
	if err != nil {
		return jsvalue.Value{}, s.report(f, err)
	}
	return v, nil
}
