package sample

import "fmt"

// Project is the shape of the largest file of a project.
type Project struct {
	File string
	Shape
}

// Projects are shapes of projects that may be slow to resolve.
var Projects = []Project{
	{".dev.vars", Shape{"typical", Bulk}},
	{".dev.vars", Shape{"one key", repeat("", "A=1\n", "")}},
	{".dev.vars", Shape{"many keys", keys("", func(i int) string { return name(i) + "=\n" }, "")}},
	{".env", Shape{"typical", Bulk}},
	{".env", Shape{"one key", repeat("", "A=1\n", "")}},
	{"wrangler.jsonc", members("vars", `{"vars":{"A":1`, `,"VAR_%d":"some value of a var"`, "}}")},
	{"wrangler.jsonc", members("short vars", `{"vars":{"A":1`, `,"V%d":1`, "}}")},
	{"wrangler.jsonc", members("vars on lines",
		"{\"vars\":{\n\"A\":1", ",\n\"VAR_%d\":\"some value of a var\"", "}}")},
	{"wrangler.jsonc", members("integer names", `{"vars":{"A":1`, `,"%d":1`, "}}")},
	{"wrangler.jsonc", Shape{"one var", repeat(`{"vars":{"A":"`, "x", `"}}`)}},
	{"wrangler.jsonc", Shape{"array", repeat(`{"vars":{"A":[1`, ",1", `]}}`)}},
	{"wrangler.jsonc", Shape{"nested", nested(`{"vars":{"A":`, "[", "]", `}}`)}},
	{"wrangler.jsonc", Shape{"one name", repeat(`{"vars":{"A":1`, `,"A":1`, "}}")}},
	{"wrangler.jsonc", Shape{"escapes", repeat(`{"vars":{"A":"`, `\u0041`, `"}}`)}},
	{"wrangler.jsonc", Shape{"comments", repeat("{\"vars\":{", "//\n", "\"A\":1}}")}},
	{"wrangler.jsonc", Shape{"comments and CR", repeat("{\"vars\":{", "//\r", "\"A\":1}}")}},
	{"wrangler.jsonc", Shape{"open brackets", repeat(`{"vars":{"A":`, "[", "}}")}},
	{"wrangler.jsonc", members("unknown fields", `{"a":1`, `,"u%d":1`, "}")},
	{"wrangler.jsonc", members("environments", `{"env":{"a":{}`, `,"e%d":{"vars":{"A":1}}`, "}}")},
	{"wrangler.jsonc", members("KV namespaces",
		`{"kv_namespaces":[{"binding":"A","id":"a"}`, `,{"binding":"K%d","id":"x"}`, "]}")},
	{"wrangler.jsonc", Shape{"KV of one name",
		repeat(`{"kv_namespaces":[{"binding":"A","id":"a"}`, `,{"binding":"A","id":"x"}`, "]}")}},
	{"wrangler.jsonc", Shape{"KV errors", repeat(`{"kv_namespaces":[{"binding":"A","id":"a"}`, ",\n{}", "]}")}},
	{"wrangler.jsonc", members("required", `{"secrets":{"required":["a"`, `,"R%d"`, "]}}")},
	{"wrangler.jsonc", Shape{"required errors", repeat(`{"secrets":{"required":["a"`, `,1`, "]}}")}},
	{"wrangler.jsonc", members("Durable Objects",
		`{"durable_objects":{"bindings":[{"name":"A","class_name":"x"}`, `,{"name":"U%d","class_name":"Y"}`, "]}}")},
	{"wrangler.jsonc", members("containers",
		`{"containers":[{"class_name":"A","image":"a"}`, `,{"class_name":"K%d","image":"x"}`, "]}")},
	{"wrangler.toml", members("vars", "[vars]\n", "VAR_%d = \"some value of a var\"\n", "")},
	{"wrangler.toml", members("vars and CR LF", "[vars]\r\n", "V%d = 1\r\n", "")},
	{"wrangler.toml", members("dotted", "", "vars.V%d = 1\n", "")},
	{"wrangler.toml", members("deep", "", "vars.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b%d = 1\n", "")},
	{"wrangler.toml", members("tables", "", "[vars.V%d]\n", "")},
	{"wrangler.toml", members("deep tables", "", "[vars.a.b.c.d.e.f.g.h%d]\n", "")},
	{"wrangler.toml", Shape{"arrays of tables", repeat("", "[[a]]\n", "")}},
	{"wrangler.toml", Shape{"arrays in arrays", repeat("[[a]]\n", "[[a.b]]\n", "")}},
	{"wrangler.toml", members("KV namespaces", "", "[[kv_namespaces]]\nbinding = \"K%d\"\nid = \"x\"\n", "")},
	{"wrangler.toml", Shape{"array", repeat("vars.A = [1", ",1", "]\n")}},
	{"wrangler.toml", members("inline table", "vars = {A=1", ",V%d=1", "}\n")},
	{"wrangler.toml", Shape{"escapes", repeat("vars.A = \"", `\u0041`, "\"\n")}},
	{"wrangler.toml", Shape{"quotes", repeat("vars.A = \"\"\"", "\"\"x", "\"\"\"\n")}},
	{"wrangler.toml", Shape{"comments", repeat("", "#\n", "")}},
}

// members returns a shape of members that differ in a number.
func members(name, before, member, after string) Shape {
	return Shape{name, keys(before, func(i int) string { return fmt.Sprintf(member, i) }, after)}
}
