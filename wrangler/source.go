package wrangler

import "github.com/workerenv/workerenv/devvars"

// Origin is the sort of place that a binding comes from.
type Origin string

// The origins of bindings.
const (
	FromConfig      Origin = "config"       // the configuration: vars, or a resource
	FromDevVars     Origin = "dev-vars"     // .dev.vars or .dev.vars.NAME
	FromEnvFile     Origin = "env-file"     // .env, one of its companions, or a file of --env-file
	FromProcess     Origin = "process"      // the process environment
	FromFlag        Origin = "flag"         // --var, or --binding of Pages
	FromSecretsFile Origin = "secrets-file" // the file of --secrets-file
	FromRequired    Origin = "required"     // secrets.required of the configuration: inherited from the deployed version
	FromPages       Origin = "pages"        // what wrangler adds to every Pages project
)

// Source is where a binding comes from, to the character where that is known. It holds no value.
type Source struct {
	Origin Origin
	File   string // relative to the directory that was asked about; "" if there is none
	Line   int    // from 1; 0 if unknown
	Column int    // in characters, from 1; 0 if unknown
	Key    string // path in the configuration, such as env.staging.vars.A; or the flag; "" elsewhere
}

// String returns the place, as "wrangler.jsonc:4:12 vars.API_URL", ".dev.vars:3:1", "--var" or "process environment".
func (s Source) String() string {
	where := place(s.File, s.Line, s.Column)
	switch {
	case where == "" && s.Key == "" && s.Origin == FromProcess:
		return "process environment"
	case where == "" && s.Key == "" && s.Origin == FromPages:
		return "wrangler pages dev"
	case where == "":
		return s.Key
	case s.Key == "":
		return where
	}
	return where + " " + s.Key
}

// spot is a Source in two words, since a project may have a great many of them: what the assignments of one file have in
// common, and the place of this one, if it is not in there. The zero spot is the zero Source.
type spot struct {
	of           *Source
	line, column int32 // both fit: no file is longer than maxFile
}

// spot returns s as a spot of its own.
func (s Source) spot() spot { return spot{of: &s} }

// source returns what s stands for.
func (s spot) source() Source {
	if s.of == nil {
		return Source{}
	}
	source := *s.of
	if s.line != 0 {
		source.Line, source.Column = int(s.line), int(s.column)
	}
	return source
}

func (s spot) origin() Origin {
	if s.of == nil {
		return ""
	}
	return s.of.Origin
}

func (s spot) file() string {
	if s.of == nil {
		return ""
	}
	return s.of.File
}

// at returns a spot in the file of s, which has none yet.
func (s spot) at(p devvars.Position) spot { return spot{s.of, int32(p.Line), int32(p.Column)} }

// same reports whether s and t stand for the same Source.
func (s spot) same(t spot) bool { return s == t || s.source() == t.source() }
