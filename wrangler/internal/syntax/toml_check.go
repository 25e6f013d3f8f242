package syntax

import "bytes"

// tomlCheck goes through a document by the rules of the reference up to the first error. These are those of TOML 1.1
// but for a few slips, which are named where they are.
type tomlCheck struct {
	draft
	pos      int
	brackets int // arrays and inline tables that are open
	level    int // how deep the tables and arrays around pos are nested
	values   int

	root   *definition
	table  *definition // of the section that pos is in
	header []string    // its name
	path   path        // from the table to what is being read

	quoted keyReader
	arrays []int // where each array begins, which go-toml does not tell
}

// Reasons of the reference that more than one place gives.
const (
	invalidValue    = "invalid value"
	illegalNumber   = "illegal character in numeric literal"
	illegalScore    = "illegal underscore"
	unfinishedValue = "unfinished numeric value"
	lossyInteger    = "integer value cannot be represented losslessly"
	redefinedTable  = "trying to redefine an already defined table or value"
	redefinedValue  = "trying to redefine an already defined value"
	missingComma    = "expected comma or end of structure"
	tooManyBrackets = "document contains excessively nested structures. aborting."
)

// maxBrackets is how many arrays and inline tables the reference takes in one another.
const maxBrackets = 1000

// run checks the whole document. The error is a fault.
func (c *tomlCheck) run() error {
	c.root = &definition{}
	c.table = c.root
	if bytes.HasPrefix(c.text, utf8BOM) { // a second one: the reference strips one when it reads, one when it parses
		c.overwrite(0, len(utf8BOM), ' ')
		c.pos = len(utf8BOM)
	}
	if err := c.skipLines(); err != nil {
		return err
	}
	for c.pos < len(c.text) {
		if err := c.expression(); err != nil {
			return err
		}
		if err := c.skipLines(); err != nil {
			return err
		}
	}
	return nil
}

// at returns the byte at i, or -1 at the end of the text.
func (c *tomlCheck) at(i int) int {
	if i >= len(c.text) {
		return -1
	}
	return int(c.text[i])
}

func (c *tomlCheck) fault(offset int, reason string) error {
	return &fault{offset: offset, code: reason, path: append(c.root.path(c.header), c.path...)}
}

// count adds to the number of values.
func (c *tomlCheck) count(n int) error {
	if c.values += n; c.values > MaxValues {
		return c.fault(c.pos, CodeValues)
	}
	return nil
}

// expression checks a header or a key with its value, and the end of its line.
func (c *tomlCheck) expression() error {
	c.path = c.path[:0]
	check := c.keyValue
	if c.text[c.pos] == '[' {
		check = c.headerLine
	}
	if err := check(); err != nil {
		return err
	}
	c.skipBlank()
	if err := c.skipComment(); err != nil {
		return err
	}
	if c.pos < len(c.text) && !c.isNewline(c.pos) {
		return c.fault(c.pos, "each key-value declaration must be followed by an end-of-line")
	}
	return nil
}

// headerLine checks [name] or [[name]].
func (c *tomlCheck) headerLine() error {
	c.header, c.level = nil, 0
	kind := byHeader
	c.pos++
	if c.at(c.pos) == '[' {
		kind = byArray
		c.pos++
	}
	start := c.pos
	keys, err := c.key(']')
	if err != nil {
		return err
	}
	if kind == byArray {
		if c.at(c.pos) != ']' {
			return c.fault(c.pos, "expected end of table array declaration")
		}
		c.pos++
	}
	if c.table, err = c.define(c.root, keys, kind, start); err != nil {
		return err
	}
	c.header, c.path = keys, c.path[:0]
	return nil
}

// keyValue checks a key and its value.
func (c *tomlCheck) keyValue() error {
	start := c.pos
	keys, err := c.key('=')
	if err != nil {
		return err
	}
	c.values-- // value counts it again
	if _, err = c.define(c.table, keys, byDottedKey, start); err != nil {
		return err
	}
	c.skipBlank()
	err = c.value(0)
	c.level -= len(keys)
	return err
}

func (c *tomlCheck) define(in *definition, keys []string, kind definitionKind, start int) (*definition, error) {
	c.appendPath(keys)
	d, made := in.define(keys, kind)
	if d == nil {
		return nil, c.fault(start, redefinedTable)
	}
	return d, c.count(made)
}

func (c *tomlCheck) appendPath(keys []string) {
	for _, key := range keys {
		c.path = append(c.path, keyStep(key))
	}
}

// key checks a dotted key up to the byte end, and goes behind that. It counts as that many levels until the caller
// takes them away.
func (c *tomlCheck) key(end byte) (keys []string, err error) {
	start := c.pos
	for {
		c.skipBlank()
		part, err := c.keyPart(start, end)
		if err != nil {
			return nil, err
		}
		if keys = append(keys, part); c.level+len(keys) > MaxDepth {
			return nil, c.fault(start, CodeDepth)
		}
		c.skipBlank()
		switch ch := c.at(c.pos); {
		case ch == int(end):
			c.pos++
			c.level += len(keys)
			return keys, nil
		case ch == '.':
			c.pos++
		case ch <= 0:
			return nil, c.fault(start, incompleteKey)
		default:
			return nil, c.fault(c.pos, illegalKey)
		}
	}
}

const (
	incompleteKey = "incomplete key-value: cannot find end of key"
	illegalKey    = "illegal character in key"
)

// keyPart checks one part of the dotted key that began at start.
func (c *tomlCheck) keyPart(start int, end byte) (string, error) {
	from := c.pos
	switch ch := c.at(from); {
	case ch == int(end):
		return "", c.fault(from, "unexpected end of key")
	case ch == '.':
		return "", c.fault(from, "illegal empty bare key")
	case ch == '"' || ch == '\'':
		return c.quotedKey()
	case ch < 0 || ch == 0 && from > start:
		return "", c.fault(start, incompleteKey)
	}
	for c.pos < len(c.text) && isBareKeyByte(c.text[c.pos]) {
		c.pos++
	}
	if c.pos == from {
		return "", c.fault(from, illegalKey)
	}
	return string(c.text[from:c.pos]), nil
}

func (c *tomlCheck) quotedKey() (string, error) {
	from := c.pos
	if quote := c.at(from); c.at(from+1) == quote && c.at(from+2) == quote {
		return "", c.fault(from, "illegal quoted key: multiline strings are not allowed")
	}
	if err := c.stringEnd(); err != nil {
		return "", err
	}
	return c.quoted.read(c.text[from:c.pos]), nil
}

// skipLines skips white space, line ends and comments.
func (c *tomlCheck) skipLines() error {
	for {
		c.skipBlank()
		for c.pos < len(c.text) && c.isNewline(c.pos) {
			c.pos++
			c.skipBlank()
		}
		if c.at(c.pos) != '#' {
			return nil
		}
		if err := c.skipComment(); err != nil {
			return err
		}
	}
}

func (c *tomlCheck) skipBlank() {
	for c.pos < len(c.text) && isTOMLBlank(c.text[c.pos]) {
		c.pos++
	}
}

func isTOMLBlank(b byte) bool { return b == ' ' || b == '\t' }

// isNewline reports whether a line end, LF or CR LF, begins at i.
func (c *tomlCheck) isNewline(i int) bool {
	return c.text[i] == '\n' || c.text[i] == '\r' && c.at(i+1) == '\n'
}

// skipComment skips the comment that begins here, if there is one, up to the end of the line.
func (c *tomlCheck) skipComment() error {
	if c.at(c.pos) != '#' {
		return nil
	}
	for ; c.pos < len(c.text) && !c.isNewline(c.pos); c.pos++ {
		if isControl(c.text[c.pos]) {
			return c.fault(c.pos, "control characters are not allowed in comments")
		}
	}
	return nil
}

// isControl reports whether b is a control character that comments and strings may not have.
func isControl(b byte) bool { return b < ' ' && b != '\t' || b == 0x7F }
