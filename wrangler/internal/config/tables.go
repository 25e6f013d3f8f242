package config

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// topFields are the fields of a configuration that users put below a TOML table by mistake: those
// of the top level, without the fields of kinds. Not all of these names are unlikely in a table,
// see commonWords.
var topFields = []string{
	"account_id", "alias", "base_dir", "build", "cloudchamber", "compatibility_date", "compatibility_flags",
	"compliance_region", "containers", "data_blobs", "define", "env", "find_additional_modules",
	"first_party_worker", "jsx_factory", "jsx_fragment", "keep_vars", "limits", "logpush", "main", "migrations",
	"minify", "name", "no_bundle", "node_compat", "observability", "pages_build_output_dir", "placement",
	"preserve_file_names", "preview_urls", "python_modules", "route", "routes", "rules", "secrets",
	"send_metrics", "site", "tail_consumers", "text_blobs", "triggers", "tsconfig", "upload_source_maps",
	"usage_model", "vars", "wasm_modules", "workers_dev",
}

// onlyTop are the fields that an environment cannot have.
var onlyTop = []string{
	"data_blobs", "dev", "env", "keep_vars", "pages_build_output_dir", "send_metrics", "site", "text_blobs",
	"wasm_modules",
}

// commonWords are fields that tables other than [vars] may have as well.
var commonWords = []string{
	"name", "main", "alias", "assets", "build", "define", "env", "images", "limits", "media", "observability",
	"placement", "rules", "secrets", "services", "stream", "vars", "version_metadata", "browser", "ai",
	"analytics", "artifacts", "migrations", "containers", "route", "routes", "triggers", "workflows", "unsafe",
	"site", "tsconfig",
}

// openTables are the tables whose keys are up to the user, and those that hold a configuration of
// their own.
var openTables = []string{"alias", "data_blobs", "define", "env", "previews", "text_blobs", "unsafe", "vars",
	"wasm_modules"}

// isTopField has the names of topFields and of the fields of kinds.
var isTopField = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range topFields {
		names[name] = true
	}
	for _, k := range kinds {
		names[k.field] = true
	}
	return names
}()

// atKey returns the member name of n at the place of its key.
func (n node) atKey(name string) node {
	member := n.get(name)
	if at, ok := n.value.Object().KeyOffset(name); ok {
		member.offset = at
	}
	return member
}

// isHeader reports whether n is a TOML table that has a header.
func (c *check) isHeader(n node) bool {
	return n.isObject() && n.offset >= 0 && n.offset < len(c.options.Source) && c.options.Source[n.offset] == '['
}

// header returns the header of a TOML table as the file has it, such as [[kv_namespaces]].
func (c *check) header(n node) string {
	line, _, _ := bytes.Cut(c.options.Source[n.offset:], []byte("\n"))
	key := withoutIndexes(n.key)
	if bytes.HasPrefix(line, []byte("[[")) {
		return "[[" + key + "]]"
	}
	return "[" + key + "]"
}

// withoutIndexes returns a key path without the indexes of arrays.
func withoutIndexes(key string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(key, "[") {
		if _, rest, ok := strings.Cut(part, "]"); ok {
			part = rest
		}
		b.WriteString(part)
	}
	return b.String()
}

// warnOfTables warns of fields that belong to another table than the user probably means.
func (l *level) warnOfTables() {
	l.warnOfSwallowedVars()
	for name := range l.raw.value.Object().All() {
		n := l.raw.get(name)
		switch {
		case l.top != nil && slices.Contains(onlyTop, name):
			l.check.warn(l.raw.atKey(name), RuleTopLevel, "is a field of the top level, which wrangler ignores "+
				"in an environment; "+l.moveUp(name))
		case !slices.Contains(openTables, name):
			l.warnOfSwallowed(n, 0)
		}
		if l.top == nil && (name == "vars" || name == "secrets" || kindOf(name).field != "") {
			l.check.warnBelowEnvironment(n)
		}
	}
}

// moveUp says what to do with the field name of the top level, which is in an environment.
func (l *level) moveUp(name string) string {
	switch {
	case name == "env":
		return `did you mean "vars"?`
	case l.check.options.Source == nil:
		return `move it out of "env"`
	}
	return "move this line above the first [table] of the file"
}

// warnOfSwallowedVars warns of vars that have the names of fields: all below a TOML header,
// otherwise those that are not strings and that the level does not have as fields.
func (l *level) warnOfSwallowedVars() {
	vars := l.raw.get("vars")
	for name, value := range vars.value.Object().All() {
		switch n := vars.atKey(name); {
		case !isTopField[name]:
		case l.check.isHeader(vars):
			l.check.warn(n, RuleSwallowed, "has the name of a field of the configuration; in TOML everything below "+
				l.check.header(vars)+" belongs to it, so move this line above "+l.above(vars, name))
		case !value.Is(jsvalue.String) && !l.raw.has(name) && !slices.Contains(commonWords, name):
			l.check.warn(n, RuleSwallowed, "has the name of a field of the configuration; "+
				`move it out of "vars" if the field is meant`)
		}
	}
}

// above says where the field name belongs, which is of the level and not of its table n.
func (l *level) above(n node, name string) string {
	if l.top == nil || slices.Contains(onlyTop, name) {
		return "the first [table] of the file"
	}
	return l.check.header(n) + " and below [" + l.raw.key + "]"
}

// maxSwallow bounds how deep tables are looked at.
const maxSwallow = 4

// warnOfSwallowed warns of the fields of a configuration in a TOML table n, or in the tables inside
// of it.
func (l *level) warnOfSwallowed(n node, depth int) {
	if l.check.options.Source == nil || depth > maxSwallow {
		return
	}
	for _, item := range n.items() {
		l.warnOfSwallowed(item, depth+1)
	}
	for name := range n.value.Object().All() {
		member := n.get(name)
		if l.check.isHeader(n) && isTopField[name] && !slices.Contains(commonWords, name) {
			l.check.warn(n.atKey(name), RuleSwallowed, "is a field of the configuration; in TOML everything "+
				"below "+l.check.header(n)+
				" belongs to it, so move this line above "+l.above(n, name))
		}
		l.warnOfSwallowed(member, depth+1)
	}
}

// envHeader is the header of a TOML table of an environment.
type envHeader struct {
	offset int
	env    string
}

// envHeaders returns the headers of the tables of environments, in the order of the text.
func (c *check) envHeaders(root node) []envHeader {
	var list []envHeader
	var walk func(n node, env string, depth int)
	walk = func(n node, env string, depth int) {
		if c.isHeader(n) {
			list = append(list, envHeader{n.offset, env})
		}
		if depth == maxSwallow {
			return
		}
		for _, item := range n.items() {
			walk(item, env, depth+1)
		}
		for name := range n.value.Object().All() {
			walk(n.get(name), env, depth+1)
		}
	}
	section := root.get("env")
	for name := range section.value.Object().All() {
		walk(section.get(name), name, 0)
	}
	slices.SortFunc(list, func(a, b envHeader) int { return cmp.Compare(a.offset, b.offset) })
	return list
}

// environmentAbove returns the environment whose table is the last one before n, which belongs to
// the top level. It returns "" if there is none, and for what belongs to an environment.
func (c *check) environmentAbove(n node) string {
	if strings.HasPrefix(n.key, "env.") || n.offset < 0 {
		return ""
	}
	byOffset := func(h envHeader, offset int) int { return cmp.Compare(h.offset, offset) }
	i, _ := slices.BinarySearchFunc(c.environments, n.offset, byOffset)
	if i == 0 {
		return ""
	}
	return c.environments[i-1].env
}

// warnBelowEnvironment warns of a TOML table of the top level that is below a table of an
// environment.
func (c *check) warnBelowEnvironment(n node) {
	tables := n.items()
	if n.isObject() {
		tables = []node{n}
		for name := range n.value.Object().All() {
			tables = append(tables, n.get(name).items()...)
		}
	}
	for _, table := range tables {
		env := c.environmentAbove(table)
		if env == "" || !c.isHeader(table) {
			continue
		}
		header := c.header(table)
		meant := strings.Replace(header, withoutIndexes(table.key), "env."+env+"."+withoutIndexes(table.key), 1)
		c.warn(table, RuleBelowEnv, header+" belongs to the top level although it stands below [env."+env+"]; "+
			"write "+meant+
			" if it is meant for that environment, or else move it above [env."+env+"]")
		return
	}
}
