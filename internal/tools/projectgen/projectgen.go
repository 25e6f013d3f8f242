// Package projectgen generates projects for tests of package wrangler: configurations in all formats
// and places, local files, and the arguments of a call of wrangler, valid and invalid. A seed gives the
// same projects on every machine. The values are made up.
package projectgen

import (
	"math/rand/v2"
	"strings"

	"github.com/workerenv/workerenv/internal/tools/docgen"
	"github.com/workerenv/workerenv/internal/tools/oracle"
)

// Project is a directory tree and a call of wrangler.
type Project struct {
	// Files are the contents by path: relative to the root of the tree, with slashes. A path that ends
	// in "/" is a directory.
	Files map[string]string
	// Links are the targets of symbolic links by path.
	Links map[string]string
	// Args are the arguments and the environment of the call. Dir is relative to the root of the tree,
	// with slashes. Redirect says whether the library follows a deploy configuration.
	Args oracle.Project
}

// Generator generates random projects. It is not safe for concurrent use. The zero value is
// invalid; use [New].
type Generator struct {
	r    *rand.Rand
	docs *docgen.Generator
	calm bool // whether wrangler should accept the project
	p    *Project
	envs []string // the environments that the configurations may have

	isTOML bool // whether the current configuration is TOML
}

// New returns a Generator. Its projects depend on seed only.
func New(seed uint64) *Generator {
	return &Generator{r: rand.New(rand.NewPCG(seed, 1)), docs: docgen.New(seed)}
}

// Project returns a project, valid or invalid.
func (g *Generator) Project() Project {
	g.calm = false
	return g.project()
}

// Calm returns a project that wrangler accepts in most cases. It is for comparisons that take seconds.
func (g *Generator) Calm() Project {
	g.calm = true
	return g.project()
}

func (g *Generator) project() Project {
	g.p = &Project{Files: map[string]string{}, Links: map[string]string{}}
	g.envs = g.environments()
	g.p.Args.Dir = pick(g, dirs)
	g.configurations()
	g.arguments()
	if g.one(4) {
		g.redirect()
	}
	g.process()
	g.localFiles()
	g.deployArguments()
	g.tidy()
	if g.p.Args.Dir == "app/sub" && g.one(5) {
		g.p.Links["through"] = "app/sub"
		g.p.Args.Dir = "through"
	}
	return *g.p
}

// dirs are the working directories. Each contains the next one.
var dirs = []string{".", ".", ".", "app", "app", "app/sub"}

// file adds a file unless a link has the same path.
func (g *Generator) file(dir, name, text string) {
	path := join(dir, name)
	if _, link := g.p.Links[path]; !link {
		g.p.Files[path] = text
	}
}

// tidy removes files that are also directories.
func (g *Generator) tidy() {
	if d := g.p.Args.Dir; d != "." {
		g.p.Files[d+"/"] = ""
	}
	for path := range g.p.Files {
		for at, c := range strings.TrimSuffix(path, "/") + "/" {
			if c == '/' && at < len(path) {
				delete(g.p.Files, path[:at])
				delete(g.p.Links, path[:at])
			}
		}
	}
	for path := range g.p.Links {
		delete(g.p.Files, path)
	}
}

// join is like path.Join, but keeps a slash at the end.
func join(dir, name string) string { return strings.TrimPrefix(dir+"/"+name, "./") }

// one returns true in one of n cases.
func (g *Generator) one(n int) bool { return g.r.IntN(n) == 0 }

// odd is like one, but returns false while Calm makes a project. Callers use it for parts that wrangler
// may reject.
func (g *Generator) odd(n int) bool { return g.one(n) && !g.calm }

func pick[T any](g *Generator, from []T) T { return from[g.r.IntN(len(from))] }
