package config_test

// corner is a configuration that the generator hardly ever makes.
type corner struct {
	raw  string // JSON
	toml bool   // whether it stands for a TOML file
	env  string // of --env
}

// corners are recorded besides generated configurations.
var corners = []corner{
	{raw: `{}`},
	{raw: `null`},
	{raw: `"x"`},
	{raw: `5`},
	{raw: `true`},
	{raw: `{"name":"w","env":{"staging":null}}`, env: "staging"},
	{raw: `{"name":"w","env":{"staging":5}}`, env: "staging"},
	{raw: `{"name":"w","env":{"staging":"x"}}`, env: "staging"},
	{raw: `{"name":"w","env":null}`, env: "staging"},
	{raw: `{"name":"w","env":true}`, env: "staging"},
	{raw: `{"name":"w","env":"a😀b"}`, env: "2"},
	{raw: `{"name":"w","env":"a😀b"}`, env: "9"},
	{raw: `{"name":"w","env":5}`, env: "toFixed"},
	{raw: `{"name":"w","env":5}`, env: "constructor"},
	{raw: `{"name":"w","env":5}`, env: "x"},
	{raw: `{"name":"w","env":true}`, env: "constructor"},
	{raw: `{"name":"w","env":true}`, env: "valueOf"},
	{raw: `{"name":"w","env":[{}]}`, env: "1"},
	{raw: `{"name":"w","env":{}}`, env: "constructor"},
	{raw: `{"name":"w","env":{}}`, env: "toString"},
	{raw: `{"name":"w","env":{}}`, env: "constructor", toml: true},
	{raw: `{"name":"w","vars":{"A":1},"env":{"top level":{"bogus":1}}}`, env: "top level"},
	{raw: `{"name":{},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"name":{},"env":{"staging":{}}}`, env: "staging", toml: true},
	{raw: `{"name":["a","b"],"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"name":null,"env":{"staging":{"name":null}}}`, env: "staging"},
	{raw: `{"name":"","env":{"staging":{}}}`, env: "staging"},
	{raw: `{"name":"w","pages_build_output_dir":"d","vars":{"A":1},"env":{}}`, env: "staging"},
	{raw: `{"name":"w","pages_build_output_dir":null,"vars":{"ASSETS":1}}`},
	{raw: `{"kv_namespaces":[null]}`, env: "staging"},
	{raw: `{"kv_namespaces":[{"binding":{}}]}`, env: "staging", toml: true},
	{raw: `{"kv_namespaces":[{"binding":{}}],"env":{"staging":{"kv_namespaces":[]}}}`, env: "staging", toml: true},
	{raw: `{"kv_namespaces":[{"binding":{}}],"env":{"staging":{"kv_namespaces":[]}}}`, env: "staging"},
	{raw: `{"kv_namespaces":[{"binding":1},{"binding":null},{}],
		"env":{"staging":{"kv_namespaces":[{"binding":1},{"binding":"1"},{}]}}}`, env: "staging"},
	{raw: `{"durable_objects":{"bindings":[{"name":5}]},"env":{"staging":{"durable_objects":{"bindings":[]}}}}`,
		env: "staging"},
	{raw: `{"durable_objects":{"binding":"Q"},"env":{"staging":{"durable_objects":{}}}}`, env: "staging"},
	{raw: `{"durable_objects":{"binding":["Q",{}]},"env":{"staging":{"durable_objects":{}}}}`, env: "staging", toml: true},
	{raw: `{"durable_objects":"abc"}`, env: "staging"},
	{raw: `{"durable_objects":{"bindings":null}}`},
	{raw: `{"durable_objects":{"bindings":[null]}}`},
	{raw: `{"logfwdr":{"bindings":[{"name":"L","destination":"d"}]},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"logfwdr":{"bindings":[{"name":"L","destination":"d"}]},"env":{"staging":{"logfwdr":{"bindings":[]}}}}`,
		env: "staging"},
	{raw: `{"logfwdr":null}`},
	{raw: `{"vars":{"valueOf":1},"env":{"staging":{"vars":{}}}}`, env: "staging"},
	{raw: `{"vars":{},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"main":5}`},
	{raw: `{"main":{}}`},
	{raw: `{"vars":{"A":{"$date":"2020-01-01T00:00:00.000Z"},"B":{"C":{"$date":"2020-01-01T00:00:00.000Z"}}}}`,
		toml: true},
	{raw: `{"vars":[{"$date":"2020-01-01T00:00:00.000Z"},"x"]}`, toml: true},
	{raw: `{"vars":"abc"}`},
	{raw: `{"vars":{"binding":["a",null,"b"],"A":1},"secrets":{"required":["a,,b","A"]}}`},
	{raw: `{"vars":{"binding":null}}`},
	{raw: `{"vars":{"bindings":[{"name":"X"},{"name":5}]}}`},
	{raw: `{"vars":{"constructor":1}}`},
	{raw: `{"kv_namespaces":[{"binding":"constructor"}]}`},
	{raw: `{"vars":{"ASSETS":1}}`},
	{raw: `{"vars":{"ASSETS":1},"pages_build_output_dir":"d"}`},
	{raw: `{"name":"w","env":{"staging":{"pages_build_output_dir":"d","vars":{"ASSETS":1}}}}`, env: "staging"},
	{raw: `{"vars":{"10":1,"9":2,"A":1},"secrets":{"required":["A","10","9"]}}`},
	{raw: `{"secrets":{"required":"AAB"}}`},
	{raw: `{"secrets":{"required":5}}`},
	{raw: `{"secrets":{"required":{}}}`},
	{raw: `{"secrets":{"required":null}}`},
	{raw: `{"secrets":{"required":[5,null,"A","A"]}}`},
	{raw: `{"secrets":"x"}`},
	{raw: `{"secrets":[]}`},
	{raw: `{"secrets":{}}`},
	{raw: `{"secrets":{"bogus":1}}`},
	{raw: `{"secrets":null}`},
	{raw: `{"secrets":{"required":["A"]},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"secrets":{"required":["A","A","B"]},"vars":{"A":1,"B":2},"kv_namespaces":[{"binding":"A"},{"binding":"A"}]}`},
	{raw: `{"secrets":{"required":[{}]}}`, toml: true},
	{raw: `{"wasm_modules":null}`},
	{raw: `{"queues":{"producers":null}}`},
	{raw: `{"durable_objects":{"bindings":[{"name":"A","class_name":"constructor"}]}}`},
	{raw: `{"workflows":[null]}`},
	{raw: `{"workflows":[{"binding":"A","name":"n","class_name":"C"},{"binding":"B","name":"n","class_name":"C"}]}`},
	{raw: `{"workflows":[{"binding":"A","class_name":"C"},{"binding":"B","class_name":"C"}]}`},
	{raw: `{"workflows":[{"binding":"A","name":null},{"binding":"B","name":null}]}`},
	{raw: `{"unsafe":null}`, env: "staging"},
	{raw: `{"unsafe":{},"env":{"staging":{"unsafe":{}}}}`, env: "staging"},
	{raw: `{"env":{"staging":{"unsafe":{}}}}`, env: "staging"},
	{raw: `{"dispatch_namespaces":[{"binding":"A","outbound":null},
		{"binding":"B","outbound":{"service":"s","parameters":[5]}}]}`},
	{raw: `{"dispatch_namespaces":[
		{"binding":"B","namespace":"n","outbound":{"service":"s","parameters":["p","q"],"environment":"e"}},
		{"binding":"C","namespace":"n","outbound":{"service":"s"}}]}`},
	{raw: `{"kv_namespaces":[{"binding":"A","id":"x","type":5}]}`},
	{raw: `{"kv_namespaces":[{"binding":"A","id":"x","type":"plain_text","value":5},
		{"binding":"B","type":"unsafe_z","raw":{"a":[1]}}]}`},
	{raw: `{"services":[
		{"binding":"S","service":"s","props":{"a":1},"cross_account_grant":"g","environment":"","entrypoint":"E"}],
		"k2":[{"binding":"K","stream":"s","remote":false}]}`},
	{raw: `{"r2_buckets":[{"binding":"R","bucket_name":"good-name","preview_bucket_name":"x","local_dev":null}]}`},
}

// requests are the questions that the corners ask.
func cornerRequests() []request {
	list := make([]request, len(corners))
	for i, c := range corners {
		list[i] = request{ID: i, Raw: c.raw, TOML: c.toml, Path: "wrangler.json"}
		if c.toml {
			list[i].Path = "wrangler.toml"
		}
		if c.env != "" {
			list[i].Env = &corners[i].env
		}
	}
	return list
}
