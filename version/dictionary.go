package version

import "strings"

// override returns the version ID that header lines, together an RFC 8941 dictionary, give for a Worker.
func override(lines []string, worker string) (id string, ok bool) {
	if len(lines) == 0 {
		return "", false
	}
	p := &fields{rest: strings.Trim(strings.Join(lines, ", "), " ")}
	for p.rest != "" {
		key := p.key()
		value, isString := p.member()
		if key == worker {
			id, ok = value, isString // of members with one key, the last one counts
		}
		if !p.next() {
			break
		}
	}
	return id, ok && !p.bad
}

// fields reads RFC 8941. After something that is not of its grammar, bad is set and rest is empty.
type fields struct {
	rest string
	bad  bool
}

func (p *fields) fail() { p.rest, p.bad = "", true }

// skip takes a prefix away and reports whether it was there.
func (p *fields) skip(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return ok
}

// take takes the longest prefix whose characters are all in set.
func (p *fields) take(set string) string {
	taken := p.rest[:len(p.rest)-len(strings.TrimLeft(p.rest, set))]
	p.rest = p.rest[len(taken):]
	return taken
}

// next goes to the next member of a dictionary and reports whether there is one.
func (p *fields) next() bool {
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

func (p *fields) key() string {
	key := p.take(inKey)
	if key == "" || !strings.Contains(lower+"*", key[:1]) {
		p.fail()
	}
	return key
}

// member reads what follows the key of a dictionary, and returns the text if it is a String.
func (p *fields) member() (text string, isString bool) {
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

// list reads an inner list after its parenthesis.
func (p *fields) list() {
	for p.take(" "); !p.skip(")"); p.take(" ") {
		p.bare()
		p.parameters()
		if !strings.HasPrefix(p.rest, " ") && !strings.HasPrefix(p.rest, ")") {
			p.fail()
			return
		}
	}
}

func (p *fields) parameters() {
	for p.skip(";") {
		p.take(" ")
		p.key()
		if p.skip("=") {
			p.bare()
		}
	}
}

// bare reads an item without parameters, and returns the text if it is a String.
func (p *fields) bare() (text string, isString bool) {
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

func (p *fields) must(ok bool) {
	if !ok {
		p.fail()
	}
}

func (p *fields) number() {
	p.skip("-")
	whole := p.take(digit)
	p.must(whole != "" && len(whole) <= 15)
	if p.skip(".") {
		decimals := p.take(digit)
		p.must(decimals != "" && len(decimals) <= 3 && len(whole) <= 12)
	}
}

// string reads a String after its first quote.
func (p *fields) string() string {
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
