package projectgen

import (
	"slices"
	"strings"
)

// environments chooses the names of the environments of this project.
func (g *Generator) environments() []string {
	if g.one(2) {
		return nil
	}
	var envs []string
	for range 1 + g.r.IntN(3) {
		envs = append(envs, g.environment())
	}
	return envs
}

func (g *Generator) environment() string {
	if g.odd(12) {
		return pick(g, []string{"", "vars", "é", "a/b"})
	}
	return pick(g, []string{
		"staging", "staging", "production", "production", "preview", "Prod_X", "my env.1", "1", "10", "a.b",
	})
}

// configurations adds up to three configurations to the directory and those above it.
func (g *Generator) configurations() {
	count := pick(g, []int{1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 0})
	for range count {
		name := pick(g, []string{"wrangler.json", "wrangler.jsonc", "wrangler.toml"})
		if g.one(15) {
			g.file(g.above(), name+"/", "")
			continue
		}
		if g.one(25) {
			target := pick(g, []string{"elsewhere/real.json", "elsewhere/real.toml", "missing"})
			g.file(".", target, g.configuration(target))
			path := join(g.p.Args.Dir, name)
			g.p.Links[path] = strings.Repeat("../", strings.Count(path, "/")) + target
			continue
		}
		g.file(g.above(), name, g.configuration(name))
	}
}

// above returns the directory, or one above it.
func (g *Generator) above() string {
	switch d := g.p.Args.Dir; {
	case d == "app" && g.one(3):
		return "."
	case d == "app/sub" && g.one(2):
		return pick(g, []string{".", "app"})
	default:
		return d
	}
}

// configuration makes the text of a configuration file.
func (g *Generator) configuration(name string) string {
	if g.odd(60) {
		return pick(g, []string{
			"", " \n", "// c\n", "null", `"x"`, "1", "{}", "# c\n", "{", "[vars", "\xff\xfe{\x00}\x00", "\xfe\xff\x00{\x00}",
			"\x00\x00\xfe\xff\x00\x00\x00{\x00\x00\x00}", "\xff\xfe\x00\x00{\x00\x00\x00}\x00\x00\x00", "{}{}", "{}x",
		})
	}
	damaged := g.odd(30)
	text := g.rendered(name, func(top *object) {
		if damaged { // a wrong date is refused by wrangler only
			top.members = slices.DeleteFunc(top.members, func(m member) bool { return m.key == "compatibility_date" })
		}
	})
	if g.one(30) {
		text = "\ufeff" + text
	}
	if damaged {
		text = g.damage(text)
	}
	return text
}

// rendered writes a configuration in the format of its name, after a change.
func (g *Generator) rendered(name string, change func(top *object)) string {
	g.isTOML = strings.HasSuffix(name, ".toml")
	o := g.top()
	change(o)
	if g.isTOML {
		return g.toml(o)
	}
	return g.json(o)
}

// damage makes an edit at a random position.
func (g *Generator) damage(text string) string {
	at := g.r.IntN(len(text) + 1)
	end := min(len(text), at+g.r.IntN(4))
	piece := pick(g, []string{
		"", "\xff", `"`, "'", "{", "}", ",", "=", "\n", "#", "\\", "[", "]", "x", "1", "\x01", "//",
	})
	return text[:at] + piece + text[end:]
}

// top makes the object of a configuration.
func (g *Generator) top() *object {
	o := &object{}
	switch {
	case g.odd(40):
		o.add("name", pick(g, []value{"", "Bad Name", raw("1"), nil, true, "_ok", "ok-_1"}))
	case !g.one(5):
		o.add("name", pick(g, []string{"w", "my-worker", "w_1"}))
	}
	if g.calm || g.one(2) {
		o.add("main", "index.js")
		o.add("compatibility_date", "2026-01-01")
	}
	g.section(o, true)
	if g.one(8) {
		o.add("keep_vars", g.mostly(g.one(2)))
	}
	if g.odd(12) {
		o.add("pages_build_output_dir", g.mostly("dist"))
	}
	if g.odd(120) {
		o.add(pick(g, []string{"legacy_env", "constructor", "targetEnvironment", "userConfigPath", "configPath"}), g.wrong())
	}
	if len(g.envs) > 0 || g.odd(20) {
		o.add("env", g.sections())
	}
	g.shuffle(o)
	return o
}

// mostly returns v, or rarely a wrong value.
func (g *Generator) mostly(v value) value {
	if g.odd(15) {
		return g.wrong()
	}
	return v
}

func (g *Generator) shuffle(o *object) {
	if g.one(3) {
		g.r.Shuffle(len(o.members), func(i, j int) { o.members[i], o.members[j] = o.members[j], o.members[i] })
	}
}

// sections makes the field env.
func (g *Generator) sections() value {
	if g.odd(60) {
		return nil
	}
	o := &object{}
	for _, env := range g.envs {
		if o.has(env) && !g.odd(3) {
			continue
		}
		if g.odd(25) {
			o.add(env, g.noObject())
			continue
		}
		section := &object{}
		if g.one(4) {
			section.add("name", pick(g, []string{"w-other", "named"}))
		}
		g.section(section, false)
		o.add(env, section)
	}
	return o
}

// section adds the fields that both the top level and an environment may have.
func (g *Generator) section(o *object, top bool) {
	taken := map[string]bool{}
	if top || !g.one(4) {
		o.add("vars", g.vars(taken))
	}
	if g.one(3) {
		o.add("secrets", g.secrets(taken))
	}
	for range pick(g, []int{0, 0, 0, 1, 2}) {
		g.resources(o, taken)
	}
	if g.one(25) {
		o.add(pick(g, []string{"varz", "bogus", "Vars", "secret"}), g.wrong())
	}
}

// fresh returns a name and adds it to taken. The name is rarely one that was taken before.
func (g *Generator) fresh(taken map[string]bool) string {
	name := g.name()
	for taken[name] && !g.odd(25) {
		name = g.name()
	}
	taken[name] = true
	return name
}

func (g *Generator) vars(taken map[string]bool) value {
	if g.odd(50) {
		return g.noObject()
	}
	o := &object{}
	for range g.r.IntN(7) {
		o.add(g.fresh(taken), g.value(2))
	}
	if g.odd(30) && len(o.members) > 0 {
		o.add(pick(g, o.members).key, g.value(1))
	}
	return o
}

func (g *Generator) secrets(taken map[string]bool) value {
	if g.odd(25) {
		return g.wrong()
	}
	o := &object{}
	if g.one(30) {
		o.add("optional", g.wrong())
	}
	switch {
	case g.one(6):
		return o
	case g.odd(25):
		o.add("required", g.wrong())
		return o
	}
	list := []value{}
	for range g.r.IntN(5) {
		if g.odd(60) {
			list = append(list, g.wrong())
			continue
		}
		list = append(list, g.fresh(taken))
	}
	o.add("required", list)
	return o
}

// resources adds resources of one kind.
func (g *Generator) resources(o *object, taken map[string]bool) {
	kind := pick(g, resources)
	if o.has(kind.field) {
		return
	}
	if g.odd(40) {
		o.add(kind.field, g.wrong())
		return
	}
	list := []value{}
	for range 1 + g.r.IntN(2) {
		item := &object{}
		for _, m := range kind.members {
			if v, ok := m.value.(string); ok && v == "" {
				m.value = g.mostly(g.fresh(taken))
			}
			if !g.odd(30) {
				item.members = append(item.members, m)
			}
		}
		list = append(list, item)
	}
	if kind.field == "queues" {
		o.add("queues", &object{[]member{{"producers", list}}})
		return
	}
	o.add(kind.field, list)
}

// resources are kinds of resources. The member with the value "" is the name of the binding.
var resources = []struct {
	field   string
	members []member
}{
	{"kv_namespaces", []member{{"binding", ""}, {"id", "0123456789abcdef0123456789abcdef"}}},
	{"r2_buckets", []member{{"binding", ""}, {"bucket_name", "bucket"}}},
	{"d1_databases", []member{{"binding", ""}, {"database_name", "db"},
		{"database_id", "5f0ae4e8-5c0c-4a5c-8f0e-0123456789ab"}}},
	{"services", []member{{"binding", ""}, {"service", "other"}}},
	{"queues", []member{{"binding", ""}, {"queue", "q"}}},
}
