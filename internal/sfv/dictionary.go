// Package sfv reads dictionaries of RFC 8941, Structured Field Values for HTTP.
package sfv

import "strings"

// String returns the String under key in a dictionary, given as the lines of a header, and
// whether there is one. It finds nothing if the lines together are not a dictionary, or if the
// value is not a String. Of several members with the same key the last one counts.
func String(lines []string, key string) (text string, ok bool) {
	if len(lines) == 0 {
		return "", false
	}
	p := &parser{rest: strings.Trim(strings.Join(lines, ", "), " ")}
	for p.rest != "" {
		k := p.key()
		value, isString := p.member()
		if k == key {
			text, ok = value, isString
		}
		if !p.next() {
			break
		}
	}
	if p.bad || !ok {
		return "", false
	}
	return text, true
}

// parser parses RFC 8941. After something that is not of its grammar, bad is set and rest is empty.
type parser struct {
	rest string
	bad  bool
}

func (p *parser) fail() { p.rest, p.bad = "", true }

// skip removes a prefix and reports whether it was there.
func (p *parser) skip(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return ok
}

// take removes and returns the longest prefix whose characters are all in set.
func (p *parser) take(set string) string {
	taken := p.rest[:len(p.rest)-len(strings.TrimLeft(p.rest, set))]
	p.rest = p.rest[len(taken):]
	return taken
}

// next goes to the next member of a dictionary and reports whether there is one.
func (p *parser) next() bool {
	p.take(" \t")
	if p.rest == "" {
		return false
	}
	comma := p.skip(",")
	p.take(" \t")
	if !comma || p.rest == "" {
		p.fail()
	}
	return !p.bad
}

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digit  = "0123456789"
	inKey  = lower + digit + "_-.*"
	inName = lower + upper + digit + "!#$%&'*+-.^_`|~:/" // of a token
)

func (p *parser) key() string {
	key := p.take(inKey)
	if key == "" || !strings.Contains(lower+"*", key[:1]) {
		p.fail()
	}
	return key
}

// member parses the rest of a member after its key, and returns the text of a String.
func (p *parser) member() (text string, isString bool) {
	if p.skip("=") {
		if p.skip("(") {
			p.list()
		} else {
			text, isString = p.bare()
		}
	}
	p.parameters()
	return text, isString
}

// list parses an inner list after its parenthesis.
func (p *parser) list() {
	for p.take(" "); !p.skip(")"); p.take(" ") {
		p.bare()
		p.parameters()
		if !strings.HasPrefix(p.rest, " ") && !strings.HasPrefix(p.rest, ")") {
			p.fail()
			return
		}
	}
}

func (p *parser) parameters() {
	for p.skip(";") {
		p.take(" ")
		p.key()
		if p.skip("=") {
			p.bare()
		}
	}
}

// bare parses an item without parameters, and returns the text of a String.
func (p *parser) bare() (text string, isString bool) {
	switch {
	case p.skip(`"`):
		return p.string(), true
	case p.skip(":"):
		p.take(lower + upper + digit + "+/=")
		p.must(p.skip(":"))
	case p.skip("?"):
		p.must(p.skip("0") || p.skip("1"))
	case p.rest != "" && strings.Contains(lower+upper+"*", p.rest[:1]):
		p.take(inName)
	default:
		p.number()
	}
	return "", false
}

func (p *parser) must(ok bool) {
	if !ok {
		p.fail()
	}
}

func (p *parser) number() {
	p.skip("-")
	whole := p.take(digit)
	p.must(whole != "" && len(whole) <= 15)
	if p.skip(".") {
		decimals := p.take(digit)
		p.must(decimals != "" && len(decimals) <= 3 && len(whole) <= 12)
	}
}

// string parses a String after its first quote.
func (p *parser) string() string {
	var text strings.Builder
	for i := 0; i < len(p.rest); i++ {
		c := p.rest[i]
		if c == '"' {
			p.rest = p.rest[i+1:]
			return text.String()
		}
		if c == '\\' {
			if i++; i == len(p.rest) || p.rest[i] != '"' && p.rest[i] != '\\' {
				break
			}
			c = p.rest[i]
		}
		if c < ' ' || c > '~' {
			break
		}
		text.WriteByte(c)
	}
	p.fail()
	return ""
}
