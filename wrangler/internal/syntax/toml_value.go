package syntax

// value checks the value that begins here. delim is the bracket that closes the structure around it, 0 outside of one.
func (c *tomlCheck) value(delim byte) error {
	if err := c.count(1); err != nil {
		return err
	}
	start := c.pos
	switch c.at(start) {
	case '[':
		return c.nested(c.array)
	case '{':
		return c.nested(c.inlineTable)
	case '"', '\'':
		return c.stringEnd()
	case 't':
		return c.keyword("true", start)
	case 'f':
		return c.keyword("false", start)
	case '+', '-':
		c.pos++
		return c.number(start, delim)
	}
	switch {
	case c.at(start+4) == '-' && c.at(start+7) == '-':
		if c.areDigits(start, 4) {
			return c.date()
		}
	case c.at(start+2) == ':':
		if c.areDigits(start, 2) {
			return c.time()
		}
	}
	return c.number(start, delim)
}

// keyword goes behind word, which must be here. The value began at start.
func (c *tomlCheck) keyword(word string, start int) error {
	end := c.pos + len(word)
	if end > len(c.text) || string(c.text[c.pos:end]) != word {
		return c.fault(start, invalidValue)
	}
	c.pos = end
	return nil
}

// nested checks an array or inline table with check.
func (c *tomlCheck) nested(check func() error) error {
	switch {
	case c.brackets == maxBrackets:
		return c.fault(c.pos, tooManyBrackets)
	case c.level == MaxDepth:
		return c.fault(c.pos, CodeDepth)
	}
	c.brackets++
	c.level++
	err := check()
	c.level--
	c.brackets--
	return err
}

// array checks the array that begins here.
func (c *tomlCheck) array() error {
	c.arrays = append(c.arrays, c.pos)
	depth := len(c.path)
	index := 0
	return c.items(']', "unfinished array", func() error {
		c.path = append(c.path[:depth], indexStep(index))
		index++
		err := c.value(']')
		if err == nil {
			c.path = c.path[:depth]
		}
		return err
	})
}

// inlineTable checks the inline table that begins here.
func (c *tomlCheck) inlineTable() error {
	depth := len(c.path)
	names := newInlineTable()
	return c.items('}', "unfinished table", func() error {
		start := c.pos
		keys, err := c.key('=')
		if err != nil {
			return err
		}
		c.appendPath(keys)
		if !names.define(keys) {
			return c.fault(start, redefinedValue)
		}
		if err := c.count(len(keys) - 1); err != nil {
			return err
		}
		c.skipBlank()
		if err := c.value('}'); err != nil {
			return err
		}
		c.level -= len(keys)
		c.path = c.path[:depth]
		return nil
	})
}

// items checks what is between the bracket here and the bracket end: items, commas between them and perhaps one behind
// the last, and lines as they come.
func (c *tomlCheck) items(end byte, unfinished string, item func() error) error {
	start := c.pos
	c.pos++
	for c.pos < len(c.text) {
		if err := c.skipLines(); err != nil {
			return err
		}
		if c.at(c.pos) == int(end) {
			c.pos++
			return nil
		}
		if err := item(); err != nil {
			return err
		}
		if err := c.skipLines(); err != nil {
			return err
		}
		switch c.at(c.pos) {
		case int(end):
			c.pos++
			return nil
		case ',':
			c.pos++
		default:
			return c.fault(c.pos, missingComma)
		}
	}
	return c.fault(start, unfinished)
}
