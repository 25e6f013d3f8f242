// Package syntax reads the text of a wrangler configuration file, JSON or TOML, into JavaScript values with positions.
// It accepts what wrangler 4.164.0 accepts, with the same values, except as docs/differences.md says. It does not know
// what a configuration means.
//
// JSON is read by a parser of this package, as wrangler reads it (jsonc-parser 3.2.0): with comments and trailing
// commas, which encoding/json refuses. The module hujson is not used, since it refuses a comment at the end of a file
// without a line end, does not bound nesting, and does not give the offset of an error. TOML is read by go-toml, which
// decides what is well formed (wrangler: smol-toml 1.9.0).
package syntax

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// Format is the language of a configuration file. The zero Format is None.
type Format int

// The formats. Wrangler reads .json files as it reads .jsonc files: both may have comments and trailing commas.
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

// FormatOf returns the format in which wrangler reads the file at path. It depends on how path ends, in lower case: a
// file named ".toml" is TOML, one named "wrangler.TOML" is not read.
func FormatOf(path string) Format {
	switch {
	case strings.HasSuffix(path, ".toml"):
		return TOML
	case strings.HasSuffix(path, ".json"), strings.HasSuffix(path, ".jsonc"):
		return JSONC
	}
	return None
}

// Bounds on what is read. No configuration comes near them; they bound the stack and the memory for a hostile file.
const (
	// MaxDepth is how many objects, arrays and tables a value may be inside of. Wrangler runs out of stack before that,
	// at 2,000 to 7,000.
	MaxDepth = 10_000
	// MaxValues is how many values and tables a file may hold. A TOML file may not have more commas and points either:
	// go-toml needs about 100 bytes for what each separates, before a value can be counted.
	MaxValues = 1 << 20
)

// Parse reads the text of a file in format f. The error is an [*Error], the first one in the text.
//
// The value is any JSON value, or an object for TOML. For [None] it is an empty object, whatever src holds. A key that
// JSON repeats has its last value and its first place. The JSON key "__proto__" is left out, since it makes no property
// in wrangler; in TOML it is a key like any other.
//
// Values and keys carry byte offsets into src:
//
//   - a value has the offset of its first byte;
//   - a TOML table that has a header, and an array of tables, has that of the header's first bracket (of the first
//     header, for the array);
//   - a TOML table that only a longer key or header mentions has that of its part of the key.
//
// A UTF-8 byte order mark is skipped, and what is not UTF-8 is read as U+FFFD. The result shares no memory with src.
func Parse(src []byte, f Format) (jsvalue.Value, error) {
	read := readJSONC
	switch f {
	case None:
		return jsvalue.ObjectValue(jsvalue.NewObject()), nil
	case TOML:
		read = readTOML
	}
	err := checkEncoding(src)
	if err == nil {
		var v jsvalue.Value
		if v, err = read(src); err == nil {
			return v, nil
		}
	}
	err.Line, err.Column = NewLocator(src).Position(err.offset)
	return jsvalue.Value{}, err
}

const utf8BOM = "\xEF\xBB\xBF"

// foreignBOMs are the byte order marks that wrangler refuses. UTF-32 LE begins like UTF-16 LE and comes before it.
var foreignBOMs = [...]struct{ mark, encoding string }{
	{"\x00\x00\xFE\xFF", "UTF-32 BE"},
	{"\xFF\xFE\x00\x00", "UTF-32 LE"},
	{"\xFE\xFF", "UTF-16 BE"},
	{"\xFF\xFE", "UTF-16 LE"},
}

func checkEncoding(src []byte) *Error {
	for _, b := range foreignBOMs {
		if bytes.HasPrefix(src, []byte(b.mark)) {
			return &Error{cause: "the file has a " + b.encoding + " byte order mark; save it as UTF-8"}
		}
	}
	return nil
}

// Error says where and why a file cannot be read. It never holds text of the file.
type Error struct {
	// Line and Column are where the error is, from 1, as Locator.Position counts them.
	Line, Column int

	offset int
	cause  string // a fixed text
}

// Error returns the position and the cause, as "3:5: invalid JSON: expected a comma or a closing brace".
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.cause) }

// Cause returns what is wrong, without the position.
func (e *Error) Cause() string { return e.cause }

var (
	tooDeep = fmt.Sprintf("nested more than %d levels deep", MaxDepth)
	tooMany = fmt.Sprintf("more than %d values", MaxValues)
)

// budget counts the values of a file.
type budget struct{ values int }

// spend counts a value at offset that is inside of depth others. The error is that a bound is exceeded.
func (b *budget) spend(depth, offset int) *Error {
	b.values++
	switch {
	case depth > MaxDepth:
		return &Error{offset: offset, cause: tooDeep}
	case b.values > MaxValues:
		return &Error{offset: offset, cause: tooMany}
	}
	return nil
}
