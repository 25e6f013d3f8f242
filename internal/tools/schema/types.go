package schema

import (
	"regexp"
	"slices"
	"strings"
)

// types are the TypeScript types in a file of the SDK, by their names with all namespaces.
type types struct {
	objects    map[string][]field
	aliases    map[string]string // expressions of other types
	parameters map[string]string // the type of the parameter of each method
}

// field is a member of an object.
type field struct{ name, kind string }

var (
	opening   = regexp.MustCompile(`^ *(?:export )?(?:declare )?(interface|namespace) (\w+)(?: extends .*)? \{$`)
	closing   = regexp.MustCompile(`^ *\}(?: \| null)?;?$`)
	alias     = regexp.MustCompile(`^ *(?:export )?type (\w+) = (.*);$`)
	fieldLine = regexp.MustCompile(`^ *(?:'([^']+)'|([\w$]+)|\[key: string\])\??: (.*?);?$`)
	signature = regexp.MustCompile(`^    (\w+)\(.*?\b(?:params|body)\??: ([\w.]+)`)
	reference = regexp.MustCompile(`[A-Z]\w*(?:\.\w+)*`)
)

// parseTypes reads the declarations of a file. It relies on their uniform layout: a program wrote
// them.
func parseTypes(text string) types {
	t := types{make(map[string][]field), make(map[string]string), make(map[string]string)}
	var names []string // of the namespaces, interfaces and objects that the line is in
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		scope := strings.Join(names, ".")
		switch found := opening.FindStringSubmatch(line); {
		case found != nil:
			names = append(names, found[2])
		case closing.MatchString(line) && len(names) > 0:
			names = names[:len(names)-1]
		case alias.MatchString(line):
			found := alias.FindStringSubmatch(line)
			t.aliases[strings.TrimPrefix(scope+"."+found[1], ".")] = found[2]
		case len(names) == 0:
			if found := signature.FindStringSubmatch(line); found != nil {
				t.parameters[found[1]] = found[2]
			}
		case fieldLine.MatchString(line):
			found := fieldLine.FindStringSubmatch(line)
			f := field{found[1] + found[2], found[3]}
			if f.name == "" {
				f.name = "*"
			}
			if f.kind == "{" { // an object without a name, which gets that of the member
				f.kind = "{} " + f.name
				names = append(names, f.name)
			}
			t.objects[scope] = append(t.objects[scope], f)
		}
	}
	return t
}

// expand adds the paths of all members of a type to found, each after the path of the type. It does
// not expand the types that the type is within again.
func (t types) expand(name, path string, found map[string]bool, within ...string) {
	if slices.Contains(within, name) {
		return
	}
	within = append(slices.Clone(within), name)
	if expression, ok := t.aliases[name]; ok {
		t.expandAll(expression, name, path, found, within)
		return
	}
	if kind := t.literal(name); kind != "" && path != "" {
		path += "[" + kind + "]"
	}
	for _, f := range t.objects[name] {
		member := strings.TrimPrefix(path+"."+f.name, ".")
		found[member] = true
		if object, ok := strings.CutPrefix(f.kind, "{} "); ok {
			t.expand(name+"."+object, member, found, within...)
		} else {
			t.expandAll(f.kind, name, member, found, within)
		}
	}
}

// expandAll expands the types in an expression in the scope of a type.
func (t types) expandAll(expression, scope, path string, found map[string]bool, within []string) {
	for _, name := range reference.FindAllString(expression, -1) {
		t.expand(t.resolve(name, scope), path, found, within...)
	}
}

// resolve returns the whole name of a type in a scope, "" if the file does not have it.
func (t types) resolve(name, scope string) string {
	for {
		full := strings.TrimPrefix(scope+"."+name, ".")
		if t.objects[full] != nil || t.aliases[full] != "" {
			return full
		}
		if scope == "" {
			return ""
		}
		scope = scope[:max(strings.LastIndexByte(scope, '.'), 0)]
	}
}

// literal returns the only value of the member type of an object, "" if it has none or several.
func (t types) literal(name string) string {
	for _, f := range t.objects[name] {
		if text := strings.Trim(f.kind, "'"); f.name == "type" && len(text) == len(f.kind)-2 && !strings.Contains(text, "'") {
			return text
		}
	}
	return ""
}
