package projectgen

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// redirect adds a .wrangler/deploy/config.json and its target, in most cases to the directory of a
// configuration.
func (g *Generator) redirect() {
	g.p.Args.Redirect = true
	dir := g.above()
	if files := g.configs(); len(files) > 0 && !g.odd(10) {
		dir = path.Dir(pick(g, files))
	}
	target := pick(g, []string{
		"dist/wrangler.json", "dist/wrangler.json", "dist/wrangler.json", "dist/wrangler.toml", "dist/config",
		"dist/wrangler.jsonc",
	})
	text := `{"configPath":"../../` + target + `"}`
	if g.odd(10) {
		text = pick(g, badRedirects)
	}
	g.file(dir, ".wrangler/deploy/config.json", text)
	if !g.odd(20) {
		g.file(dir, target, g.generated(target))
	}
}

var badRedirects = []string{
	`{}`, `{"configPath":""}`, `{"configPath":null}`, `{"configPath":0}`, `{"configPath":1}`, `{"configPath":false}`,
	`{"configPath":true}`, `{"configPath":[]}`, `{"configPath":{}}`, `{configPath:1}`, `null`, `[]`, `1`, `"x"`, ``,
	`{"configPath":"../../missing.json"}`, `{"configPath":"../../dist"}`, `{"configPath":"../../wrangler.json"}`,
	`{"configPath":"../../dist/wrangler.json",}`, "\ufeff" + goodRedirect, "\xff\xfe" + goodRedirect,
	goodRedirect + "// c", goodRedirect + "x",
}

const goodRedirect = `{"configPath":"../../dist/wrangler.json"}`

// generated returns the text of a configuration as build tools write it, in most cases without
// environments.
func (g *Generator) generated(name string) string {
	envs := g.envs
	if !g.odd(12) {
		g.envs = nil
	}
	text := g.rendered(name, func(top *object) {
		if g.one(3) {
			environment := *cmp.Or(g.p.Args.Env, new("staging"))
			top.add("targetEnvironment", pick(g, []value{"", environment, g.mostly("staging")}))
		}
		if g.one(12) {
			top.add("legacy_env", g.one(2))
		}
	})
	g.envs = envs
	return text
}

func (g *Generator) knownEnvironment() string {
	if len(g.envs) == 0 {
		return "staging"
	}
	return pick(g, g.envs)
}

// localFiles adds .dev.vars and .env files to the directories of the configurations and to the working
// directory.
func (g *Generator) localFiles() {
	dirs := map[string]bool{g.p.Args.Dir: true, ".": true, "dist": true}
	for _, file := range g.configs() {
		dirs[path.Dir(file)] = true
	}
	names := g.localNames()
	for _, dir := range []string{".", "app", "app/sub", "dist"} {
		if !dirs[dir] || dir == "dist" && !g.one(4) {
			continue
		}
		for _, name := range names {
			if g.one(2) {
				g.local(dir, name)
			}
		}
	}
	for _, name := range g.p.Args.EnvFiles {
		if g.calm || !g.one(5) {
			g.local(g.p.Args.Dir, name)
			g.local(".", name)
		}
	}
}

// localNames chooses the names of the local files that this project may have. Each name is missing in
// many projects.
func (g *Generator) localNames() []string {
	env := g.knownEnvironment()
	names := []string{
		".dev.vars", ".dev.vars." + env, ".env", ".env", ".env.local", ".env." + env, ".env." + env + ".local",
	}
	if g.one(8) {
		names = append(names, ".dev.vars.", ".env.", ".env..local", ".dev.vars.local", ".env.vault")
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.Contains(name, "/") || g.one(2) })
}

func (g *Generator) local(dir, name string) {
	file := path.Join(dir, name)
	switch {
	case strings.HasPrefix(file, ".."):
	case g.odd(80):
		g.p.Files[file+"/"] = ""
	case g.one(80):
		g.p.Links[file] = pick(g, []string{"missing", ".env", "."})
	default:
		g.p.Files[file] = g.document()
	}
}

// document returns the text of a local file. Texts whose expansion may not terminate are rare. Calm
// projects have no NUL, on which wrangler may fail; see null-byte in docs/differences.md.
func (g *Generator) document() string {
	doc := g.anyDocument()
	if isWild(doc) && (g.calm || !g.one(20)) || g.calm && strings.Contains(doc, "\x00") {
		return g.plain()
	}
	return doc
}

func isWild(doc string) bool {
	for _, s := range []string{
		`\$`, "$&", "$`", "$'", "$$", "constructor", "toString", "valueOf", "hasOwnProperty", "__",
	} {
		if strings.Contains(doc, s) {
			return true
		}
	}
	return false
}

func (g *Generator) anyDocument() string {
	switch g.r.IntN(12) {
	case 0:
		return pick(g, []string{"", "\n", "# c\n", "  \t", "junk\n", "=x\n", "\ufeff", "\ufeffA=bom\n", "A", "A="})
	case 1:
		return string(g.docs.Typical())
	case 2:
		return string(g.docs.Adversarial())
	case 3:
		return string(g.docs.Mutated())
	case 4, 5:
		return string(g.docs.Chain().Files[0])
	}
	return g.plain()
}

// plain returns lines of NAME=value with the names that the configurations use.
func (g *Generator) plain() string {
	var b strings.Builder
	newline := pick(g, []string{"\n", "\n", "\n", "\r\n", "\r"})
	for range g.r.IntN(6) {
		quote := pick(g, []string{"", "", "", `"`, "'", "`"})
		b.WriteString(g.name() + "=" + quote + g.localValue() + quote + newline)
	}
	return b.String()
}

func (g *Generator) localValue() string {
	if g.one(5) {
		return pick(g, []string{"$A", "${B}", "${B:-d}", "x${S}y", "${C-${D}}", "$A$B", "${URL:+set}", "$1"})
	}
	return pick(g, []string{"local", "secret", "", "1", "x y", "é", "v1", "v2", "#h", "a#b", " pad ", `\n`, "true"})
}
