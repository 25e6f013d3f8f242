package config

import (
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/spelling"
)

// settings are the fields besides those of kinds that make or name bindings.
var settings = []string{"name", "main", "env", "vars", "secrets", "keep_vars"}

// envFields are words that users write for the field "env".
var envFields = []string{"environment", "environments"}

// warnOfNearNames warns of fields that are nearly ones that make bindings or environments.
func (l *level) warnOfNearNames() {
	known := slices.Clone(settings)
	for _, k := range kinds {
		known = append(known, k.field)
	}
	for name := range l.raw.value.Object().All() {
		meant := near(name, known)
		if slices.Contains(envFields, strings.ToLower(name)) {
			meant = "env"
		}
		if meant != "" {
			l.check.warnNear(l.raw.get(name), meant)
		}
	}
	if vars := l.raw.get("dev").get("vars"); !vars.isUndefined() {
		l.check.warn(vars, RuleUnknownField, `is a field that wrangler does not know; did you mean "vars" outside of "dev"? `+
			"Values for local development belong in .dev.vars")
	}
}

// warnOfNearMembers warns of members of a binding that are nearly ones that it lacks.
func (c *check) warnOfNearMembers(k kind, n node) {
	known := []string{k.nameMember()}
	for _, m := range k.members {
		known = append(known, m.name)
	}
	for name := range n.value.Object().All() {
		if meant := near(name, known); meant != "" && !n.has(meant) {
			c.warnNear(n.get(name), meant)
		}
	}
}

func (c *check) warnNear(n node, meant string) {
	c.warn(n, RuleUnknownField, `is a field that wrangler does not know; did you mean "`+meant+`"?`)
}

// near returns the name of known that a user probably meant by name, "" if there is none or if name is known.
func near(name string, known []string) string {
	if slices.Contains(known, name) {
		return ""
	}
	lower := strings.ToLower(name)
	for _, k := range known {
		if strings.TrimSuffix(lower, "s") == strings.TrimSuffix(k, "s") || spelling.Near(lower, k) {
			return k
		}
	}
	return ""
}
