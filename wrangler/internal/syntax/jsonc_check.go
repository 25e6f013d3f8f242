package syntax

import "encoding/json"

// jsoncCheck goes through a text by the grammar of the reference, with trailing commas, up to the first error.
type jsoncCheck struct {
	jsoncScanner
	levels []jsoncLevel
	values int
}

// jsoncLevel is an object or an array that is open.
type jsoncLevel struct {
	isObject bool
	key      []byte // the literal of the current key, nil before its colon
	index    int    // of the current element
}

// run checks the whole text. The error is a fault.
func (c *jsoncCheck) run() error {
	if err := c.next(); err != nil {
		return err
	}
	if err := c.value(); err != nil {
		return err
	}
	if c.token != endOfFile {
		return c.fault("EndOfFileExpected")
	}
	return nil
}

func (c *jsoncCheck) next() error {
	if code := c.jsoncScanner.next(); code != "" {
		return c.fault(code)
	}
	return nil
}

// fault returns an error at the current token.
func (c *jsoncCheck) fault(code string) error {
	f := &fault{offset: c.start, code: code}
	for _, l := range c.levels {
		if s, ok := l.step(); ok {
			f.path = append(f.path, s)
		}
	}
	return f
}

func (l jsoncLevel) step() (step, bool) {
	if !l.isObject {
		return indexStep(l.index), true
	}
	var key string
	err := json.Unmarshal(l.key, &key)
	return keyStep(key), err == nil
}

// value checks the value that begins with the current token, and goes to the token behind it.
func (c *jsoncCheck) value() error {
	if c.values++; c.values > MaxValues {
		return c.fault(CodeValues)
	}
	switch c.token {
	case openBrace:
		return c.nested(jsoncLevel{isObject: true}, closeBrace, "CloseBraceExpected", c.property)
	case openBracket:
		return c.nested(jsoncLevel{}, closeBracket, "CloseBracketExpected", c.value)
	case stringToken, literalToken:
		return c.next()
	}
	return c.fault("ValueExpected")
}

// nested checks an object or array: items with commas between, and perhaps one behind the last.
func (c *jsoncCheck) nested(l jsoncLevel, end token, missing string, item func() error) error {
	if len(c.levels) == MaxDepth {
		return c.fault(CodeDepth)
	}
	c.levels = append(c.levels, l)
	if err := c.next(); err != nil {
		return err
	}
	for first := true; c.token != end && c.token != endOfFile; first = false {
		if err := c.separator(first); err != nil {
			return err
		}
		if c.token == end {
			break // behind a comma
		}
		if err := item(); err != nil {
			return err
		}
	}
	if c.token != end {
		return c.fault(missing)
	}
	c.levels = c.levels[:len(c.levels)-1]
	return c.next()
}

// separator goes over the comma before an item that is not the first.
func (c *jsoncCheck) separator(first bool) error {
	switch {
	case c.token == comma && first:
		return c.fault("ValueExpected")
	case c.token == comma:
		l := &c.levels[len(c.levels)-1]
		l.key = nil
		l.index++
		return c.next()
	case !first:
		return c.fault("CommaExpected")
	}
	return nil
}

func (c *jsoncCheck) property() error {
	if c.token != stringToken {
		return c.fault("PropertyNameExpected")
	}
	key := c.text[c.start:c.pos]
	if err := c.next(); err != nil {
		return err
	}
	if c.token != colon {
		return c.fault("ColonExpected")
	}
	c.levels[len(c.levels)-1].key = key
	if err := c.next(); err != nil {
		return err
	}
	return c.value()
}
