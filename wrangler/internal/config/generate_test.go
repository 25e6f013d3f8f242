package config_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// generator makes JSON texts of configurations: mostly valid ones; wrong sets how many mistakes they have.
type generator struct {
	*rand.Rand
	wrong float64 // how often something is wrong
	toml  bool
	names int
}

// piece is a part of a configuration.
type piece func(g *generator) string

func (g *generator) chance(p float64) bool { return g.Float64() < p }

// pick picks one of some texts. Those after "|" are wrong, and are taken only if something is to be wrong.
func (g *generator) pick(choices ...string) string {
	if i := slices.Index(choices, "|"); i >= 0 {
		right := choices[:i]
		choices = slices.Concat(right, choices[i+1:])
		if !g.chance(min(1, 4*g.wrong)) {
			choices = right
		}
	}
	return choices[g.IntN(len(choices))]
}

// str picks one of some strings.
func str(choices ...string) piece {
	return func(g *generator) string { return strconv.Quote(g.pick(choices...)) }
}

// raw picks one of some JSON texts.
func raw(choices ...string) piece {
	return func(g *generator) string { return g.pick(choices...) }
}

var (
	anyText = str("a", "b", "some-id", "x y", "ünïcode", "0")
	anyBool = raw("true", "false")
	anyNum  = raw("0", "1", "2", "10", "60", "100", "3.5", "-1")
)

// name makes the name of a binding, rarely one that was there before.
func name(g *generator) string {
	if g.chance(g.wrong) {
		return strconv.Quote(g.pick("A", "B", "ASSETS", "1", "10", "constructor", "", "toString", "binding"))
	}
	g.names++
	if g.chance(0.1) {
		return strconv.Quote(strconv.Itoa(g.names))
	}
	return strconv.Quote("N" + strconv.Itoa(g.names))
}

// junk makes a value that is wrong in most places. It is never an array, which wrangler takes for an object.
func junk(g *generator) string { return g.pick("null", "true", "5", "{}", `""`, `{"a":1}`) }

// maybe makes the piece, or junk.
func (g *generator) maybe(p piece) string {
	if g.chance(g.wrong) {
		return junk(g)
	}
	return p(g)
}

// list makes an array of up to three.
func list(p piece) piece {
	return func(g *generator) string {
		items := make([]string, g.IntN(4))
		for i := range items {
			items[i] = g.maybe(p)
		}
		return "[" + strings.Join(items, ",") + "]"
	}
}

type member struct {
	name  string
	piece piece
	often float64 // how often it is there, -1 for only if something is to be wrong
	right bool    // never wrong: this package does not check it
}

func must(name string, p piece) member  { return member{name, p, 1, false} }
func may(name string, p piece) member   { return member{name, p, 0.4, false} }
func wrong(name string, p piece) member { return member{name, p, -1, false} }

// other is a field that makes no binding.
func other(name string, p piece) member { return member{name, p, 1, true} }

// has decides whether an object has the member.
func (g *generator) has(m member) bool {
	switch m.often {
	case 1:
		return !g.chance(g.wrong / 2)
	case -1:
		return g.chance(min(0.4, 3*g.wrong))
	}
	return g.chance(m.often)
}

// obj makes an object. Members that must be there are missing only if something is to be wrong.
func obj(members ...member) piece {
	return func(g *generator) string {
		var parts []string
		add := func(name, value string) { parts = append(parts, strconv.Quote(name)+":"+value) }
		for _, m := range members {
			if !g.has(m) {
				continue
			}
			if m.name == "env" { // a wrong one is an accident of JavaScript
				add(m.name, m.piece(g))
				continue
			}
			if m.right {
				wrong := g.wrong
				g.wrong = 0
				add(m.name, m.piece(g))
				g.wrong = wrong
				continue
			}
			add(m.name, g.maybe(m.piece))
			if !g.toml && g.chance(g.wrong/10) {
				add(m.name, junk(g))
			}
		}
		if g.chance(g.wrong / 2) {
			add(g.pick("bogus", "extra", "raw", "0"), junk(g))
		}
		g.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		return "{" + strings.Join(parts, ",") + "}"
	}
}

func either(pieces ...piece) piece {
	return func(g *generator) string { return pieces[g.IntN(len(pieces))](g) }
}

// bind makes an array of bindings.
func bind(members ...member) piece {
	return list(obj(append([]member{must("binding", name), may("remote", anyBool)}, members...)...))
}

// request is one question to the real tool.
type request struct {
	ID         int     `json:"id"`
	Raw        string  `json:"raw"`
	TOML       bool    `json:"toml,omitempty"`
	Path       string  `json:"path"`
	Env        *string `json:"env"`
	Variable   *string `json:"variable"`
	Redirected bool    `json:"redirected,omitempty"`
	Public     bool    `json:"public,omitempty"`
}

// request makes a configuration and what is asked of it.
func (g *generator) request(id int) request {
	g.wrong = []float64{0, 0, 0.01, 0.03, 0.1, 0.3}[g.IntN(6)]
	g.toml = g.chance(0.25)
	g.names = 0
	q := request{ID: id, TOML: g.toml, Path: g.pick("wrangler.json", "wrangler.jsonc")}
	if g.toml {
		q.Path = "wrangler.toml"
	}
	for q.Raw = g.config(); hasDocumentedDifference([]byte(q.Raw)); {
		q.Raw = g.config()
	}
	q.Env = g.option(0.5, "staging", "prod", "nope", "", "0", "top level")
	q.Variable = g.option(0.1, "staging", "prod", "nope", "")
	q.Redirected = g.chance(0.03)
	return q
}

// hasDocumentedDifference reports whether a configuration has one of two differences in docs/differences.md. queue-members:
// wrangler does not check a producer of a queue that has an unknown member. name-lists: it takes the members of "unsafe"
// without "bindings" for names of bindings.
func hasDocumentedDifference(raw []byte) bool {
	var level struct {
		Queues json.RawMessage
		Unsafe json.RawMessage
		Env    json.RawMessage
	}
	_ = json.Unmarshal(raw, &level)
	var queues struct{ Producers []json.RawMessage }
	_ = json.Unmarshal(level.Queues, &queues)
	for _, producer := range queues.Producers {
		if hasOther(producer, "binding", "queue", "delivery_delay", "remote") {
			return true
		}
	}
	var environments map[string]json.RawMessage
	_ = json.Unmarshal(level.Env, &environments)
	for _, environment := range environments {
		if hasDocumentedDifference(environment) {
			return true
		}
	}
	return hasOther(level.Unsafe, "bindings", "metadata", "capnp")
}

// hasOther reports whether raw is an object with another member than the known ones.
func hasOther(raw json.RawMessage, known ...string) bool {
	var object map[string]json.RawMessage
	_ = json.Unmarshal(raw, &object)
	for name := range object {
		if !slices.Contains(known, name) {
			return true
		}
	}
	return false
}

func (g *generator) option(p float64, choices ...string) *string {
	if !g.chance(p) {
		return nil
	}
	if g.chance(0.6) {
		return &choices[0]
	}
	s := g.pick(choices...)
	return &s
}

// config makes a whole configuration, of a few fields.
func (g *generator) config() string {
	fields := 1 + g.IntN(8)
	if g.wrong == 0 {
		fields += g.IntN(12)
	}
	members := g.some(levelMembers, fields)
	members = append(members, g.some(topMembers, g.IntN(3))...)
	members = append(members, must("name", workerName))
	if g.chance(g.wrong) {
		members = append(members, g.some(oddMembers, 1)...)
	}
	shared := slices.Clone(members)
	if g.chance(0.6) {
		members = append(members, member{name: "env", often: 1, piece: func(g *generator) string {
			return obj(
				must("staging", g.environment(shared)), may("prod", g.environment(shared)), may("0", g.environment(shared)),
				may("top level", g.environment(shared)),
			)(g)
		}})
	}
	return obj(members...)(g)
}

// environment makes a section with fields of which the top level may have some.
func (g *generator) environment(top []member) piece {
	members := g.some(top, g.IntN(len(top)+1))
	members = append(members, g.some(levelMembers, g.IntN(4))...)
	if g.chance(0.3) {
		members = append(members, may("name", workerName))
	}
	if g.chance(g.wrong) {
		members = append(members, g.some(topMembers, 1)...)
	}
	return obj(members...)
}

// some picks members, each once.
func (g *generator) some(from []member, n int) []member {
	var picked []member
	for _, i := range g.Perm(len(from))[:min(n, len(from))] {
		m := from[i]
		m.often = 1
		picked = append(picked, m)
	}
	return picked
}

func (q request) String() string {
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return strconv.Quote(*s)
	}
	return fmt.Sprintf("%s env=%s CLOUDFLARE_ENV=%s redirected=%t toml=%t", q.Raw, text(q.Env), text(q.Variable),
		q.Redirected, q.TOML)
}
