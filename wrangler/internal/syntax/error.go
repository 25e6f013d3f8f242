package syntax

import "fmt"

// Error says where and why a file cannot be read. It never holds text of the file.
type Error struct {
	// Line and Column are where the error is, from 1, as Locator.Position counts them.
	Line, Column int
	// Code is the kind of error.
	Code Code

	offset int
	format Format
	text   string // a fixed text: what is wrong, or the encoding of the file
}

// Code is a kind of error.
type Code int

// The kinds of errors.
const (
	CodeSyntax   Code = iota // the text is not well formed, or has a number or date that cannot be kept
	CodeEncoding             // the file begins with the byte order mark of an encoding other than UTF-8
	CodeDepth                // values are nested deeper than MaxDepth
	CodeValues               // there are more than MaxValues values
	CodeLibrary              // go-toml fails, or does not behave as this package expects
)

// Error returns the position and the cause, as "3:5: invalid JSON: expected a comma or a closing brace".
func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Cause()) }

// Cause returns what is wrong, without the position.
func (e *Error) Cause() string {
	switch e.Code {
	case CodeEncoding:
		return "the file has a " + e.text + " byte order mark; save it as UTF-8"
	case CodeDepth:
		return fmt.Sprintf("nested more than %d levels deep", MaxDepth)
	case CodeValues:
		return fmt.Sprintf("more than %d values", MaxValues)
	case CodeLibrary:
		return "cannot read this TOML with the version of go-toml in this program"
	}
	if e.text == "" {
		return "invalid " + e.format.String()
	}
	return "invalid " + e.format.String() + ": " + e.text
}

// invalid returns a syntax error at offset. The text must be a constant.
func invalid(offset int, text string) *Error { return &Error{offset: offset, text: text} }

// budget counts what MaxDepth and MaxValues bound.
type budget struct{ values int }

// spend counts a value at offset that is nested depth levels deep.
func (b *budget) spend(depth, offset int) *Error {
	b.values++
	switch {
	case depth > MaxDepth:
		return &Error{Code: CodeDepth, offset: offset}
	case b.values > MaxValues:
		return &Error{Code: CodeValues, offset: offset}
	}
	return nil
}
