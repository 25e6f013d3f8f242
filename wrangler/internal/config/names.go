package config

import (
	"iter"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// namedKinds are the fields that name bindings, with the words for one of them, in the order of the reference's
// report.
var namedKinds = []struct{ field, word string }{
	{"data_blobs", "Data Blob"},
	{"durable_objects", "Durable Object"},
	{"kv_namespaces", "KV Namespace"},
	{"send_email", "Send Email"},
	{"queues", "Queue"},
	{"d1_databases", "D1 Database"},
	{"vectorize", "Vectorize Index"},
	{"ai_search_namespaces", "AI Search Namespace"},
	{"ai_search", "AI Search Instance"},
	{"agent_memory", "Agent Memory"},
	{"hyperdrive", "Hyperdrive Config"},
	{"r2_buckets", "R2 Bucket"},
	{"logfwdr", "logfwdr"},
	{"services", "Worker"},
	{"analytics_engine_datasets", "Analytics Engine Dataset"},
	{"text_blobs", "Text Blob"},
	{"browser", "Browser Run"},
	{"analytics", "Analytics SQL"},
	{"ai", "AI"},
	{"images", "Images"},
	{"stream", "Stream"},
	{"media", "Media"},
	{"version_metadata", "Worker Version Metadata"},
	{"unsafe", "Unsafe Metadata"},
	{"vars", "Environment Variable"},
	{"wasm_modules", "Wasm Module"},
	{"dispatch_namespaces", "Dispatch Namespace"},
	{"mtls_certificates", "mTLS Certificate"},
	{"workflows", "Workflow"},
	{"pipelines", "Pipeline"},
	{"k2", "K2 Stream"},
	{"secrets_store_secrets", "Secrets Store Secret"},
	{"artifacts", "Artifacts"},
	{"ratelimits", "Rate Limit"},
	{"assets", "Assets"},
	{"unsafe_hello_world", "Hello World"},
	{"flagship", "Flagship"},
	{"worker_loaders", "Worker Loader"},
	{"vpc_services", "VPC Service"},
	{"vpc_networks", "VPC Network"},
}

// bindingName is what the reference takes for the name of a binding. It need not be a text, and it need not be a name:
// a var called "binding" makes its value stand for the names of all vars.
type bindingName struct {
	node
	secret bool // whether it is a value that no message may show
}

// bindingNames returns the names of the bindings in a field.
func bindingNames(n node) []bindingName {
	switch {
	case !n.isObject():
		return nil
	case isBindingList(n):
		return elementNames(n.get("bindings"), "name", n.isValues())
	case isNamespaceList(n):
		return elementNames(n, "binding", false)
	case n.isArray():
		return nil
	}
	if binding := n.get("binding"); !binding.isUndefined() {
		return []bindingName{{binding, n.isValues()}}
	}
	return fieldNames(n)
}

// isValues reports whether the fields of n are named by the user, and hold values.
func (n node) isValues() bool {
	switch n.name {
	case "vars", "wasm_modules", "text_blobs", "data_blobs":
		return true
	}
	return false
}

// isBindingList reports whether n is an object with an array "bindings" in which everything has a name.
func isBindingList(n node) bool {
	if !n.isRecord() || !n.has("bindings") {
		return false
	}
	list := n.get("bindings")
	return list.isArray() && everyElementHas(list, "name")
}

// isNamespaceList reports whether n is an array in which everything has a binding.
func isNamespaceList(n node) bool { return n.isArray() && everyElementHas(n, "binding") }

func everyElementHas(list node, name string) bool {
	for i := range list.value.Items() {
		item := list.at(i)
		if !item.isRecord() || !item.property(name).Is(jsvalue.String) {
			return false
		}
	}
	return true
}

func elementNames(list node, name string, secret bool) []bindingName {
	names := make([]bindingName, len(list.value.Items()))
	for i := range names {
		names[i] = bindingName{list.at(i).get(name), secret}
	}
	return names
}

func fieldNames(n node) []bindingName {
	children := n.children()
	names := make([]bindingName, 0, len(children))
	for _, child := range children {
		if child.isUndefined() {
			continue
		}
		child.value = jsvalue.StringValue(child.name)
		names = append(names, bindingName{child, false})
	}
	return names
}

// holder is a binding that has a name.
type holder struct {
	bindingName
	word string
}

// refuseDuplicates wants the names of all bindings to be unique.
func (r *result) refuseDuplicates() {
	shared, ok := r.sharedNames()
	if !ok || len(shared) == 0 {
		return
	}
	groups := jsvalue.NewObject() // name -> index in list; keeps JavaScript's order
	var list []*group
	for h := range r.holders() {
		name := h.node.text()
		if !shared[name] {
			continue
		}
		i, ok := groups.Own(name)
		if !ok {
			i = jsvalue.NumberValue(float64(len(list)))
			groups.Set(name, i)
			list = append(list, new(group))
		}
		list[int(i.Float())].add(h)
	}
	for _, i := range groups.All() {
		r.refuseGroup(list[int(i.Float())])
	}
}

// sharedNames returns the names that several bindings have, and reports whether there is a name for each. It also reports names
// that no binding can have.
func (r *result) sharedNames() (shared map[string]bool, ok bool) {
	shared = map[string]bool{}
	seen := map[string]bool{}
	for h := range r.holders() {
		name := h.node.text()
		if jsvalue.IsPrototypeName(name) {
			h.node.throwText("is a name over which wrangler fails with a TypeError, since every JavaScript object has " +
				"a property of that name; choose another")
			return nil, false
		}
		if h.value.Is(jsvalue.String) && name == "ASSETS" && r.isPages() {
			r.reportAs(h.node, RuleReserved, `is the name ASSETS, which Pages projects reserve; give the `+h.word+
				" binding another name")
		}
		if seen[name] {
			shared[name] = true
		}
		seen[name] = true
	}
	return shared, true
}

// holders yields all bindings that have names, kind by kind, and then the secrets that the Worker needs.
func (r *result) holders() iter.Seq[holder] {
	return func(yield func(holder) bool) {
		for _, k := range namedKinds {
			n := r.field(k.field)
			if k.field == "queues" {
				n = n.deep("producers")
			}
			for _, name := range bindingNames(n) {
				if !yield(holder{name, k.word}) {
					return
				}
			}
		}
		r.secretHolders(yield)
	}
}

// secretHolders yields the names of the secrets that the Worker needs: whatever JavaScript can iterate.
func (r *result) secretHolders(yield func(holder) bool) {
	required := r.field("secrets").deep("required")
	switch required.value.Kind() {
	case jsvalue.Undefined, jsvalue.Null:
	case jsvalue.Array:
		for i := range required.value.Items() {
			if !yield(holder{bindingName{required.at(i), false}, "Secret"}) {
				return
			}
		}
	case jsvalue.String:
		for _, c := range required.value.Text() {
			letter := required
			letter.value = jsvalue.StringValue(string(c))
			if !yield(holder{bindingName{letter, true}, "Secret"}) {
				return
			}
		}
	default:
		required.throw("iterate over")
	}
}

// field returns a field of the result, of the active level or of the settings.
func (r *result) field(name string) node {
	if v, ok := r.settings.Own(name); ok {
		n := r.top.raw.get(name)
		n.value = v
		return n
	}
	return r.active.field(name)
}

// group is the bindings of one name.
type group struct {
	last     holder
	hidden   bool     // whether the name is somebody's value, which no message may show
	words    []string // what the bindings are, each word once
	repeated []string // those words that stand for more than one binding
}

func (g *group) add(h holder) {
	g.last = h
	g.hidden = g.hidden || h.secret || !h.value.Is(jsvalue.String)
	switch {
	case !slices.Contains(g.words, h.word):
		g.words = append(g.words, h.word)
	case !slices.Contains(g.repeated, h.word):
		g.repeated = append(g.repeated, h.word)
	}
}

// refuseGroup reports that bindings have the same name.
func (r *result) refuseGroup(g *group) {
	last, name := g.last.node, g.shownName()
	if len(g.words) > 1 {
		r.reportAs(last, RuleUnique, name+" is the name of "+enumeration(g.words)+" bindings; give each a name of its own")
	}
	for _, word := range g.repeated {
		r.reportAs(last, RuleUnique, name+" is the name of several "+word+" bindings; give each a name of its own")
	}
}

func (g *group) shownName() string {
	if g.hidden {
		return "this (a value that wrangler takes for a name)"
	}
	return `"` + g.last.value.Text() + `"`
}

// enumeration returns words as English lists them: A, B, and C.
func enumeration(words []string) string {
	switch len(words) {
	case 1:
		return words[0]
	case 2:
		return words[0] + " and " + words[1]
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + ", and " + words[last]
}

// reportAs reports an error about the result as a whole, which the reference counts to the top level.
func (r *result) reportAs(n node, rule Rule, text string) {
	r.top.report(Problem{Error, rule, n.key, "", n.offset, text})
}
