package wrangler

import (
	"cmp"
	"path"
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
	return cmp.Or(n.meant, map[Origin]string{FromDevVars: ".dev.vars", FromEnvFile: ".env"}[n.origin])
}

// templateSuffixes end the names of templates, and of files for other tools.
var templateSuffixes = []string{".example", ".sample", ".template", ".dist", ".defaults", ".schema"}

// otherSuffixes end the names of files that hold an env in a form that only other tools read.
var otherSuffixes = []string{".vault", ".keys", ".enc", ".gpg", ".age", ".bak", ".swp", ".d", ".ts", ".json", ".md"}

// strayEnds are what editors and file managers append to the names of files.
var strayEnds = []string{".txt", "~", " copy", " (1)", "."}

// misspelt are names, in lower case, that are meant to be .dev.vars or .env.
var misspelt = map[string]string{
	"dev.vars": ".dev.vars", ".dev.var": ".dev.vars", "dev.var": ".dev.vars", ".devvars": ".dev.vars",
	"devvars": ".dev.vars", ".dev-vars": ".dev.vars", ".dev_vars": ".dev.vars", ".dev.env": ".dev.vars",
	".dev": ".dev.vars", ".vars": ".dev.vars", ".env.vars": ".dev.vars", ".env.var": ".dev.vars",
	".vars.dev": ".dev.vars", ".dev.secrets": ".dev.vars", ".dev.vars.env": ".dev.vars", "env": ".env",
	"dotenv": ".env", ".envs": ".env", ".production.vars": ".dev.vars.production", ".prod.vars": ".dev.vars.prod",
}

// parseEnvName returns what the name of a file says, and whether it says that the file holds an
// env.
func parseEnvName(name string) (envName, bool) {
	switch suffix := path.Ext(name); {
	case len(name) > 255:
		return envName{}, false
	case slices.Contains(templateSuffixes, strings.ToLower(suffix)):
		n, ok := parseEnvName(strings.TrimSuffix(name, suffix))
		n.template = true
		return n, ok
	case slices.Contains(otherSuffixes, strings.ToLower(suffix)):
		return envName{}, false
	}
	for _, end := range strayEnds {
		if base, ok := strings.CutSuffix(name, end); ok {
			n, ok := parseEnvName(base)
			n.meant = cmp.Or(n.meant, base)
			return n, ok
		}
	}
	if meant := misspelt[strings.ToLower(name)]; meant != "" {
		return envName{origin: originOf(meant), meant: meant}, true
	}
	for _, right := range []string{".dev.vars", ".env"} {
		if n, ok := parseVariant(name, right); ok {
			return n, true
		}
	}
	return envName{}, false
}

// parseVariant is parseEnvName for the names that start with right, in any case and with or without
// the dot.
func parseVariant(name, right string) (envName, bool) {
	rest, ok := cutPrefixFold(name, right)
	if !ok {
		rest, ok = cutPrefixFold(name, right[1:]+".")
		rest = "." + rest
	}
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], ".-_") {
		return envName{}, false
	}
	n := envName{origin: originOf(right), environment: strings.TrimPrefix(rest, ".")}
	if right == ".env" {
		n.environment = strings.TrimSuffix(n.environment, ".local")
	}
	if !strings.HasPrefix(name, right) || rest != "" && rest[0] != '.' { // another case, no dot, or .env-name
		n.meant = strings.TrimSuffix(right+"."+strings.TrimLeft(n.environment, "-_"), ".")
	}
	return n, true
}

// cutPrefixFold is strings.CutPrefix for a prefix in any case.
func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

func originOf(name string) Origin {
	if strings.HasPrefix(name, ".env") {
		return FromEnvFile
	}
	return FromDevVars
}
