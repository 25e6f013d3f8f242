package projectgen

// A value is a string, a bool, nil, a raw, a []value or an *object.
type value any

// raw is a text that is written to the configuration unchanged: a number, a TOML date, or an invalid
// value.
type raw string

// object is a list of members. A key may occur twice.
type object struct{ members []member }

type member struct {
	key   string
	value value
}

func (o *object) add(key string, v value) { o.members = append(o.members, member{key, v}) }

func (o *object) has(key string) bool {
	for _, m := range o.members {
		if m.key == key {
			return true
		}
	}
	return false
}

// text returns the value of a string var or a secret.
func (g *Generator) text() string { return pick(g, texts) }

var texts = []string{
	"a", "b", "one", "two", "x y", "", " ", "true", "1", `{"x":1}`, "https://example.com/?a=1#b", "é", "😀", "\u2028",
	"a\nb", "a\r\nb",
	"\t", `\`, `"`, "'", "`", "$A", "${B}", "\ufeff", "\u0000", "\u007f", "p#q", "null", "0x10", "2025-12-19", "a=b",
	"a:b",
}

var numbers = []raw{"0", "1", "-1", "42", "1.5", "1e3", "1e21", "1e-7", "12345678901234567000", "9007199254740991",
	"0.1", "-0.25"}

// oddJSON and oddTOML are numbers that wrangler accepts, for some with a loss of precision. It rejects
// most of badJSON and badTOML.
var (
	oddJSON = []raw{"1e400", "-1e400", "-0", "-0.0", "1.0", "12345678901234567890", "9007199254740993", "1E5", "0e0",
		"1e+2"}
	badJSON = []raw{"01", "+1", "0x10", ".5", "5.", "1e", "NaN", "Infinity", "-", "1_000", "2025-12-19", "undefined",
		"'x'"}
	oddTOML = []raw{
		"-0", "-0.0", "1.0", "1_000", "0x10", "0b11", "0o7", "inf", "-inf", "nan", "+1", "1e400", "5e-400",
		"2025-12-19", "2025-12-19T01:02:03Z", "2025-12-19T01:02:03+02:00", "2025-12-19 01:02:03.5", "01:02:03",
		"2025-12-19T01:02",
	}
	badTOML = []raw{"01", ".5", "5.", "1e", "12345678901234567890", "9007199254740993", "null", "2025-13-01", "NaN",
		"0X10", "1__0", "25:00:00"}
)

// value returns the value of a var.
func (g *Generator) value(depth int) value {
	n := g.r.IntN(16)
	switch {
	case n < 8:
		return g.text()
	case n < 10:
		return g.number()
	case n < 11:
		return g.one(2)
	case n < 12:
		return nil
	case depth == 0:
		return g.text()
	case n < 14:
		return g.list(depth - 1)
	}
	return g.nested(depth - 1)
}

func (g *Generator) number() value {
	odd, bad := oddJSON, badJSON
	if g.isTOML {
		odd, bad = oddTOML, badTOML
	}
	switch {
	case g.odd(5):
		return pick(g, odd)
	case g.odd(40):
		return pick(g, bad)
	}
	return pick(g, numbers)
}

func (g *Generator) list(depth int) value {
	list := []value{}
	for range g.r.IntN(4) {
		list = append(list, g.value(depth))
	}
	return list
}

func (g *Generator) nested(depth int) value {
	o := &object{}
	for range g.r.IntN(4) {
		name := g.name()
		if o.has(name) && !g.one(4) {
			continue
		}
		o.add(name, g.value(depth))
	}
	return o
}

// wrong returns a value of a random type, for a field that requires a certain type.
func (g *Generator) wrong() value {
	return pick(g, []value{
		nil, true, raw("1"), "text", "", []value{}, []value{"A"}, []value{raw("1")}, &object{},
		&object{[]member{{"A", "b"}}},
	})
}

// noObject returns a wrong value for a field that requires an object. It is not an array, which wrangler
// treats as an object.
func (g *Generator) noObject() value { return pick(g, []value{nil, true, raw("1"), "text", ""}) }

// name returns the name of a binding or a secret. Some are frequent, so that several places have them.
func (g *Generator) name() string {
	switch {
	case g.odd(250):
		return pick(g, accidents)
	case g.one(12) && !g.calm, g.one(24):
		return pick(g, oddNames)
	}
	return pick(g, names)
}

var names = []string{"A", "A", "B", "B", "C", "C", "D", "S", "S", "T", "URL", "API_KEY", "TOKEN", "1", "0", "10",
	"A1", "_", "a.b", "A-B", "a"}

var oddNames = []string{
	"", " ", "a b", "é", "😀", "=", "a/b", "01", "-1", "4294967294", "4294967295", "ASSETS", "CF_PAGES", "NODE_ENV",
	"CLOUDFLARE_ENV", "x\ty", `"`,
	"length", "name", "default", "\u2028",
}

// accidents are names that every JavaScript object has.
var accidents = []string{"constructor", "toString", "valueOf", "hasOwnProperty", "__defineGetter__"}
