package wrangler

import (
	"slices"
	"strings"
)

// envName is the name of a file that says that the file holds an env.
type envName struct {
	origin      Origin
	environment string // NAME of .dev.vars.NAME, .env.NAME or .env.NAME.local
	meant       string // the name that the user probably meant, "" if wrangler reads files of this name
	template    bool   // whether it is meant to be published
}

// right returns the name of the file that wrangler reads.
func (n envName) right() string {
	switch {
	case n.meant != "":
		return n.meant
	case n.origin == FromDevVars:
		return ".dev.vars"
	}
	return ".env"
}

// templateSuffixes end the names of templates, and of files for other tools.
var templateSuffixes = []string{"example", "sample", "template", "dist", "defaults", "schema"}

// otherSuffixes end the names of files that hold an env in a form that only other tools read.
var otherSuffixes = []string{"vault", "keys", "enc", "gpg", "age", "bak", "swp", "d", "ts", "json", "md"}

// misspelt are names, in lower case, that are meant to be .dev.vars or .env.
var misspelt = map[string]string{
	"dev.vars": ".dev.vars", ".dev.var": ".dev.vars", "dev.var": ".dev.vars", ".devvars": ".dev.vars",
	"devvars": ".dev.vars", ".dev-vars": ".dev.vars", ".dev_vars": ".dev.vars", ".dev.env": ".dev.vars",
	".dev": ".dev.vars", ".vars": ".dev.vars", ".env.vars": ".dev.vars", ".env.var": ".dev.vars",
	".vars.dev": ".dev.vars", ".dev.vars.txt": ".dev.vars", ".dev.secrets": ".dev.vars", ".env.txt": ".env",
	"env": ".env", "dotenv": ".env", ".envs": ".env", ".dev.vars.env": ".dev.vars",
}

// parseEnvName returns what the name of a file says, and whether it says that the file holds an
// env.
func parseEnvName(name string) (envName, bool) {
	lower := strings.ToLower(name)
	if base, suffix := cutLast(lower); slices.Contains(templateSuffixes, suffix) {
		n, ok := parseEnvName(base)
		n.template = true
		return n, ok
	} else if slices.Contains(otherSuffixes, suffix) {
		return envName{}, false
	}
	if meant := misspelt[lower]; meant != "" {
		return envName{origin: originOf(meant), meant: meant}, true
	}
	for _, right := range []string{".dev.vars", ".env"} {
		rest, ok := strings.CutPrefix(lower, right)
		if !ok {
			rest, ok = strings.CutPrefix(lower, strings.TrimPrefix(right, ".")+".")
			if ok {
				rest = "." + rest
			}
		}
		if !ok || rest != "" && !strings.ContainsAny(rest[:1], ".-_") || len(name) > 255 {
			continue
		}
		n := envName{origin: originOf(right)}
		if tail := name[len(name)-len(rest):]; rest != "" {
			n.environment = strings.TrimPrefix(tail, ".")
		}
		if right == ".env" {
			n.environment = strings.TrimSuffix(n.environment, ".local")
		}
		if !strings.HasPrefix(name, right) || rest != "" && rest[0] != '.' { // another case, no dot, or .env-name
			n.meant = right
			if n.environment != "" {
				n.meant += "." + strings.TrimLeft(n.environment, "-_")
			}
		}
		return n, true
	}
	return envName{}, false
}

func originOf(name string) Origin {
	if name == ".env" {
		return FromEnvFile
	}
	return FromDevVars
}

// cutLast returns what is before the last dot of name and behind it.
func cutLast(name string) (base, suffix string) {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i], name[i+1:]
	}
	return name, ""
}
