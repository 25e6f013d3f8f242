package projectgen

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// arguments chooses --env, --config, --env-file and the entry point.
func (g *Generator) arguments() {
	a := &g.p.Args
	if g.one(10) {
		a.Script = pick(g, []string{"x.mjs", "./x.mjs", "../x.mjs", "app/x.mjs", "src/deep/x.mjs", "app/../x.mjs"})
	}
	switch n := g.r.IntN(12); {
	case n < 4:
		a.Env = new(g.knownEnvironment())
	case n == 4:
		a.Env = new("")
	case n == 5 && !g.calm:
		a.Env = new(g.environment())
	}
	if g.one(8) {
		a.Config = new(g.configFlag())
	}
	switch n := g.r.IntN(16); {
	case n == 0 && !g.calm:
		a.EnvFiles = []string{}
	case n < 4:
		for range 1 + g.r.IntN(3) {
			a.EnvFiles = append(a.EnvFiles, pick(g, []string{
				"a.env", "b.env", ".env", ".dev.vars", "sub/c.env", "./a.env", "dir/../b.env", "../x.env",
			}))
		}
	}
}

// configFlag returns the path of a configuration, relative to the directory. The file rarely does not
// exist.
func (g *Generator) configFlag() string {
	files := g.configs()
	if g.one(3) || len(files) == 0 {
		name := pick(g, []string{
			"conf/custom.json", "conf/custom.toml", "custom.jsonc", "conf/config.yaml", "conf/noext", "conf/x.JSON",
		})
		g.file(g.p.Args.Dir, name, g.configuration(name))
		return name
	}
	if g.odd(10) {
		return pick(g, []string{"nope.json", "nope.toml", "nope.yaml", ".", "wrangler.json/x.json"})
	}
	return strings.Repeat("../", strings.Count(join(g.p.Args.Dir, ""), "/")) + pick(g, files)
}

// configs returns the paths of all configurations.
func (g *Generator) configs() []string {
	var list []string
	for file := range g.p.Files {
		if strings.HasPrefix(path.Base(file), "wrangler.") || strings.HasPrefix(file, "elsewhere/") {
			list = append(list, strings.TrimSuffix(file, "/"))
		}
	}
	slices.Sort(list)
	return list
}

// process makes a process environment.
func (g *Generator) process() {
	variables := map[string]string{}
	for range pick(g, []int{0, 0, 1, 2, 5}) {
		variables[g.name()] = pick(g, []string{g.text(), g.localValue(), "", `\$A`, `a\$b`, "proc"})
	}
	if g.one(4) {
		variables["CLOUDFLARE_ENV"] = pick(g, []string{g.knownEnvironment(), g.knownEnvironment(), "", g.environment()})
	}
	if g.one(6) {
		variables["CLOUDFLARE_INCLUDE_PROCESS_ENV"] = g.switched()
	}
	if g.one(8) {
		variables["CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV"] = g.switched()
	}
	var list oracle.Process
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if value := variables[name]; isVariable(name) && !strings.Contains(value, "\x00") {
			list = append(list, name+"="+value)
		}
	}
	g.r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	g.p.Args.Process = list
}

// isVariable reports whether a process can have the variable and Node.js finds it. Node.js does not
// find variables whose name is an integer.
func isVariable(name string) bool {
	_, err := strconv.ParseUint(name, 10, 64)
	return name != "" && err != nil && name != "__proto__" && !strings.ContainsAny(name, "=\x00")
}

func (g *Generator) switched() string {
	if g.odd(6) {
		return pick(g, []string{"", "0", "1", "yes", " true", "True", "FALSE", "tRuE", "İ"})
	}
	return pick(g, []string{"true", "false"})
}

// deployArguments chooses the flags that only the commands deploy and dev have.
func (g *Generator) deployArguments() {
	a := &g.p.Args
	for range pick(g, []int{0, 0, 0, 1, 2}) {
		a.Vars = append(a.Vars, g.name()+pick(g, []string{":v", ":a:b", "", ":", ":{}"}))
	}
	a.KeepVars = g.one(6)
	if g.one(4) {
		a.SecretsFile = "secrets.txt"
		g.p.Files[join(a.Dir, a.SecretsFile)] = g.secretsFile()
	}
}

func (g *Generator) secretsFile() string {
	if g.one(2) {
		return g.document() + "\nLAST=1\n"
	}
	o := &object{}
	for range 1 + g.r.IntN(4) {
		o.add(g.name(), pick(g, []value{g.text(), g.text(), nil}))
	}
	o.add("LAST", "1")
	return g.plainJSON(o)
}
