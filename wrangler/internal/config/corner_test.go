package config_test

// corner is a configuration that a random one hardly ever is. toml has it read as TOML; env is what --env says.
type corner struct {
	raw    string
	toml   bool
	env    string
	script string
}

// corners are the cases that are recorded besides random ones.
var corners = []corner{
	// The root.
	{raw: `{}`}, {raw: `[]`}, {raw: `[1,{"a":2}]`}, {raw: `null`}, {raw: `"x"`}, {raw: `5`}, {raw: `true`},
	{raw: `{"__proto__":{"name":"p","vars":{"A":1},"legacy_env":true}}`}, {raw: `{"__proto__":{"node_compat":true,"unsafe":{}}}`},

	// Environments.
	{raw: `{"name":"w","env":{"staging":null}}`, env: "staging"}, {raw: `{"name":"w","env":{"staging":5}}`, env: "staging"},
	{raw: `{"name":"w","env":{"staging":"x"}}`, env: "staging"}, {raw: `{"name":"w","env":{"staging":[]}}`, env: "staging"},
	{raw: `{"name":"w","env":{"staging":[1]}}`, env: "staging"}, {raw: `{"name":"w","env":null}`, env: "staging"},
	{raw: `{"name":"w","env":0}`, env: "staging"}, {raw: `{"name":"w","env":""}`, env: "staging"}, {raw: `{"name":"w","env":true}`, env: "staging"},
	{raw: `{"name":"w","env":false}`, env: "staging"}, {raw: `{"name":"w","env":"abc"}`, env: "staging"}, {raw: `{"name":"w","env":"abc"}`, env: "1"},
	{raw: `{"name":"w","env":"abc"}`, env: "length"}, {raw: `{"name":"w","env":"abc"}`, env: "trim"}, {raw: `{"name":"w","env":"abc"}`, env: "constructor"},
	{raw: `{"name":"w","env":"a😀b"}`, env: "2"}, {raw: `{"name":"w","env":"a😀b"}`, env: "9"},
	{raw: `{"name":"w","env":5}`, env: "toFixed"}, {raw: `{"name":"w","env":5}`, env: "constructor"}, {raw: `{"name":"w","env":5}`, env: "x"},
	{raw: `{"name":"w","env":true}`, env: "constructor"}, {raw: `{"name":"w","env":true}`, env: "valueOf"},
	{raw: `{"name":"w","env":[{"vars":{"A":1}}]}`, env: "0"}, {raw: `{"name":"w","env":[{}]}`, env: "1"}, {raw: `{"name":"w","env":[]}`, env: "map"},
	{raw: `{"name":"w","env":[]}`, env: "at"}, {raw: `{"name":"w","env":[]}`, env: "length"}, {raw: `{"name":"w","env":[]}`, env: "constructor"},
	{raw: `{"name":"w","env":{}}`, env: "constructor"}, {raw: `{"name":"w","env":{}}`, env: "toString"}, {raw: `{"name":"w","env":{}}`, env: "__proto__"},
	{raw: `{"name":"w","env":{}}`, env: "__lookupGetter__"}, {raw: `{"name":"w","env":{}}`, env: "constructor", toml: true},
	{raw: `{"name":"w","env":{}}`, env: "__proto__", toml: true}, {raw: `{"name":"w","env":{"__proto__":{"vars":{"B":2}}}}`, env: "__proto__"},
	{raw: `{"name":"w","env":{"__proto__":{"vars":{"B":2}}}}`, env: "vars"}, {raw: `{"name":"w","env":{"__proto__":{"vars":{"B":2}}}}`, env: "__proto__", toml: true},
	{raw: `{"name":"w","vars":{"A":1},"env":{"top level":{"bogus":1}}}`, env: "top level"}, {raw: `{"name":{},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"name":{},"env":{"staging":{}}}`, env: "staging", toml: true}, {raw: `{"name":["a","b"],"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"name":null,"env":{"staging":{"name":null}}}`, env: "staging"}, {raw: `{"name":"","env":{"staging":{}}}`, env: "staging"},
	{raw: `{"name":"w","env":{"staging":{"$date":"2020-01-01T00:00:00.000Z"}}}`, env: "staging", toml: true},
	{raw: `{"name":"w","pages_build_output_dir":"d","vars":{"A":1},"env":{}}`, env: "staging"}, {raw: `{"name":"w","pages_build_output_dir":null,"vars":{"ASSETS":1}}`},
	{raw: `{"kv_namespaces":[null]}`, env: "staging"}, {raw: `{"kv_namespaces":[{"binding":{}}]}`, env: "staging", toml: true},
	{raw: `{"kv_namespaces":[{"binding":{}}],"env":{"staging":{"kv_namespaces":[]}}}`, env: "staging", toml: true},
	{raw: `{"kv_namespaces":[{"binding":{}}],"env":{"staging":{"kv_namespaces":[]}}}`, env: "staging"},
	{raw: `{"kv_namespaces":[{"binding":1},{"binding":null},{}],"env":{"staging":{"kv_namespaces":[{"binding":1},{"binding":"1"},{}]}}}`, env: "staging"},
	{raw: `{"ratelimits":[{"name":"A"}],"env":{"staging":{"ratelimits":[]}}}`, env: "staging"},
	{raw: `{"durable_objects":{"bindings":[{"name":5}]},"env":{"staging":{"durable_objects":{"bindings":[]}}}}`, env: "staging"},
	{raw: `{"durable_objects":{"binding":"Q"},"env":{"staging":{"durable_objects":{}}}}`, env: "staging"},
	{raw: `{"durable_objects":{"binding":["Q",{}]},"env":{"staging":{"durable_objects":{}}}}`, env: "staging", toml: true},
	{raw: `{"durable_objects":{"__proto__":{"bindings":[{"name":"P","class_name":"C"}]}}}`}, {raw: `{"durable_objects":"abc"}`, env: "staging"},
	{raw: `{"durable_objects":{"bindings":null}}`}, {raw: `{"durable_objects":{"bindings":[null]}}`},
	{raw: `{"logfwdr":{"bindings":[{"name":"L","destination":"d"}]},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"logfwdr":{"bindings":[{"name":"L","destination":"d"}]},"env":{"staging":{"logfwdr":{"bindings":[]}}}}`, env: "staging"},
	{raw: `{"logfwdr":null}`}, {raw: `{"logfwdr":{"bindings":[],"schema":"x"}}`}, {raw: `{"define":{"__proto__":{"A":1,"B":"x"},"C":2}}`},
	{raw: `{"define":{"A":"1","B":"2"},"env":{"staging":{"define":{"A":"1","C":"3"}}}}`, env: "staging"}, {raw: `{"define":[1,"a"]}`},
	{raw: `{"define":{"toString":"1"},"env":{"staging":{"define":{}}}}`, env: "staging"}, {raw: `{"vars":{"valueOf":1},"env":{"staging":{"vars":{}}}}`, env: "staging"},
	{raw: `{"vars":{"A":1},"env":{"staging":{"vars":[]}}}`, env: "staging"}, {raw: `{"vars":{},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"build":{"command":5,"bogus":1},"env":{"staging":{},"prod":{"build":{"cwd":5}}}}`, env: "staging"},
	{raw: `{"build":{"command":5},"env":{"prod":{"build":{"cwd":5}}}}`, env: "prod"}, {raw: `{"build":"abc"}`}, {raw: `{"build":5}`, env: "staging"},
	{raw: `{"build":{"command":"x","watch_dir":[{}]}}`, toml: true}, {raw: `{"build":{"command":"x","watch_dir":{}}}`, toml: true},
	{raw: `{"build":{"command":"x","watch_dir":[5,null]},"env":{"staging":{}}}`, env: "staging"}, {raw: `{"build":{"watch_dir":5},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"tsconfig":5}`}, {raw: `{"tsconfig":0}`}, {raw: `{"tsconfig":{}}`}, {raw: `{"main":5}`}, {raw: `{"main":{}}`},
	{raw: `{"routes":"abc","env":{"staging":{}}}`, env: "staging"}, {raw: `{"routes":[{"pattern":{},"custom_domain":true}],"env":{"staging":{}}}`, env: "staging", toml: true},
	{raw: `{"routes":[{"pattern":"a","custom_domain":true}],"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"routes":[],"route":""}`}, {raw: `{"routes":[],"route":"x"}`}, {raw: `{"route":"","env":{"staging":{"routes":[],"route":""}}}`, env: "staging"},

	// Vars, secrets, names.
	{raw: `{"vars":{"A":{"$date":"2020-01-01T00:00:00.000Z"},"B":{"C":{"$date":"2020-01-01T00:00:00.000Z"}}}}`, toml: true},
	{raw: `{"vars":[{"$date":"2020-01-01T00:00:00.000Z"},"x"]}`, toml: true}, {raw: `{"vars":["a","b"]}`}, {raw: `{"vars":"abc"}`},
	{raw: `{"vars":{"binding":"K"},"kv_namespaces":[{"binding":"K"}]}`}, {raw: `{"vars":{"binding":{"a":1}}}`}, {raw: `{"vars":{"binding":{"a":1}}}`, toml: true},
	{raw: `{"vars":{"binding":["a",null,"b"],"A":1},"secrets":{"required":["a,,b","A"]}}`}, {raw: `{"vars":{"binding":null}}`},
	{raw: `{"vars":{"binding":1e21,"x":1},"secrets":{"required":["1e+21"]}}`}, {raw: `{"vars":{"binding":true},"secrets":{"required":["true"]}}`},
	{raw: `{"vars":{"binding":{"$number":"NaN"}},"secrets":{"required":["NaN"]}}`, toml: true},
	{raw: `{"vars":{"binding":{"$number":"-Infinity"}},"secrets":{"required":["-Infinity"]}}`, toml: true},
	{raw: `{"vars":{"binding":{"toString":1}}}`}, {raw: `{"vars":{"binding":"constructor"}}`},
	{raw: `{"vars":{"bindings":[{"name":"X"},{"name":"X"}]}}`}, {raw: `{"vars":{"bindings":[{"name":"X"},{"name":5}]}}`},
	{raw: `{"vars":{"constructor":1}}`}, {raw: `{"vars":{"__proto__":1}}`}, {raw: `{"vars":{"__proto__":1}}`, toml: true},
	{raw: `{"vars":{"__proto__":null,"__proto__":5}}`}, {raw: `{"vars":{"__proto__":{"A":1}},"secrets":{"required":["A"]}}`},
	{raw: `{"kv_namespaces":[{"binding":"constructor"}]}`}, {raw: `{"vars":{"ASSETS":1}}`}, {raw: `{"vars":{"ASSETS":1},"pages_build_output_dir":"d"}`},
	{raw: `{"vars":{"10":1,"9":2,"A":1},"secrets":{"required":["A","10","9"]}}`}, {raw: `{"secrets":{"required":"AAB"}}`}, {raw: `{"secrets":{"required":5}}`},
	{raw: `{"secrets":{"required":{}}}`}, {raw: `{"secrets":{"required":null}}`}, {raw: `{"secrets":{"required":[5,null,"A","A"]}}`}, {raw: `{"secrets":"x"}`},
	{raw: `{"secrets":[]}`}, {raw: `{"secrets":{}}`}, {raw: `{"secrets":{"bogus":1}}`}, {raw: `{"secrets":null}`}, {raw: `{"secrets":{"required":["A"]},"env":{"staging":{}}}`, env: "staging"},
	{raw: `{"secrets":{"required":["A","A","B"]},"vars":{"A":1,"B":2},"kv_namespaces":[{"binding":"A"},{"binding":"A"}]}`}, {raw: `{"secrets":{"required":[{}]}}`, toml: true},
	{raw: `{"vars":{"A":1},"ratelimits":[{"name":"A","namespace_id":"1","simple":{"limit":1,"period":10}}],"send_email":[{"name":"A"},{"name":"__proto__"}]}`},
	{raw: `{"wasm_modules":"ab"}`}, {raw: `{"wasm_modules":null}`}, {raw: `{"wasm_modules":5}`}, {raw: `{"text_blobs":{"binding":"A"},"vars":{"A":1}}`},
	{raw: `{"data_blobs":{"A":"./a/../b","B":"/abs","C":".","__proto__":"x"}}`}, {raw: `{"text_blobs":{"__proto__":"x"}}`, toml: true},
	{raw: `{"alias":null}`}, {raw: `{"alias":[1]}`}, {raw: `{"alias":"x"}`}, {raw: `{"dependencies_instrumentation":null}`}, {raw: `{"dependencies_instrumentation":[]}`},
	{raw: `{"dev":"ab"}`}, {raw: `{"dev":null}`}, {raw: `{"dev":5}`}, {raw: `{"dev":{"local_protocol":null}}`}, {raw: `{"dev":{"local_protocol":5,"upstream_protocol":"http"}}`},
	{raw: `{"site":null}`}, {raw: `{"site":"x"}`}, {raw: `{"site":5}`}, {raw: `{"site":[]}`}, {raw: `{"site":{"bucket":"b","entry-point":5}}`},
	{raw: `{"site":{"bucket":"b","entry-point":{}}}`, toml: true}, {raw: `{"site":{"bucket":"b","entry-point":"x"},"main":"y"}`},
	{raw: `{"site":{"bucket":"b","entry-point":""},"main":""}`}, {raw: `{"site":{"bucket":"b","include":null}}`},
	{raw: `{"queues":{"producers":[{"bogus":1}]}}`}, {raw: `{"queues":{"producers":[{"bogus":1,"binding":5,"queue":null}]}}`}, {raw: `{"queues":{"producers":null}}`},
	{raw: `{"queues":{"consumers":[{"queue":"q","type":{}}]}}`, toml: true}, {raw: `{"queues":{"consumers":[null,5,[]]}}`},

	// Python.
	{raw: `{"main":"x.py"}`}, {raw: `{"main":"x.py/."}`}, {raw: `{"main":"x.py","compatibility_flags":["python_workers"]}`},
	{raw: `{"main":"x.py","compatibility_flags":"my_python_workers"}`}, {raw: `{"main":"x.py","compatibility_flags":5}`}, {raw: `{"main":"x.py","compatibility_flags":{}}`},
	{raw: `{"main":"x.py","rules":5,"compatibility_flags":["python_workers"]}`}, {raw: `{"main":"x.py","rules":[null],"compatibility_flags":["python_workers"]}`},
	{raw: `{"main":"x.py","rules":[{"type":"PythonModule"},null],"compatibility_flags":["python_workers"]}`}, {raw: `{"main":"x.py","rules":0}`},
	{raw: `{"main":"x.js"}`, script: "y.py"}, {raw: `{"main":"x.py"}`, script: "y.js"}, {raw: `{"main":5,"rules":"x"}`}, {raw: `{"rules":""}`}, {raw: `{"rules":[[]]}`},
	{raw: `{"python_modules":{}}`}, {raw: `{"python_modules":{"exclude":5}}`},

	// Durable Objects, exports, Workflows.
	{raw: `{"migrations":5}`}, {raw: `{"migrations":[null]}`}, {raw: `{"migrations":["ab"]}`}, {raw: `{"migrations":[{"tag":"a","renamed_classes":[null]}]}`},
	{raw: `{"migrations":[{"tag":"a","renamed_classes":["x"],"transferred_classes":[[]]}]}`},
	{raw: `{"migrations":{"length":1},"exports":{"C":{"type":"durable-object","storage":"sqlite"}}}`}, {raw: `{"migrations":"abc","exports":{"C":null}}`},
	{raw: `{"migrations":{"length":{}},"exports":{}}`, toml: true}, {raw: `{"migrations":[{"tag":"a"}],"exports":{"C":{"type":"durable-object","storage":"sqlite"},"D":{"type":"durable-object","state":"deleted"}}}`},
	{raw: `{"durable_objects":{"bindings":[{"name":"A","class_name":"C"},{"name":"B","class_name":"D","script_name":"s"}]},"exports":{"C":{"type":"durable-object","storage":"sqlite"}}}`},
	{raw: `{"durable_objects":{"bindings":[{"name":"A","class_name":"C"}]},"exports":{"C":{"type":"durable-object","state":"deleted"}}}`},
	{raw: `{"durable_objects":{"bindings":[{"name":"A","class_name":"constructor"}]}}`}, {raw: `{"durable_objects":{"bindings":[{"name":"A","class_name":"C"}]},"exports":{"C":null}}`},
	{raw: `{"durable_objects":{"bindings":[{"name":"A","class_name":"C"}]},"exports":"abc"}`}, {raw: `{"durable_objects":{"bindings":[{"name":"A","class_name":"0"}]},"exports":["x"]}`},
	{raw: `{"durable_objects":{"bindings":[]},"unsafe":{"bindings":[]},"exports":{"C":{"type":"durable-object","storage":"sqlite","state":null}}}`},
	{raw: `{"exports":{"C":{"type":"durable-object","state":"renamed","renamed_to":"C","x":1}}}`}, {raw: `{"exports":{"C":{"type":"durable-object","state":"renamed","renamed_to":"1"}}}`},
	{raw: `{"exports":{"A":{"type":"workflow","name":"n"},"B":{"type":"workflow","name":"n"},"C":{"type":"workflow","name":5}}}`},
	{raw: `{"exports":{"__proto__":{"type":"workflow","name":"n"},"B":{"type":"workflow","name":"n"}}}`, toml: true}, {raw: `{"exports":null}`}, {raw: `{"exports":[null]}`},
	{raw: `{"workflows":[null]}`}, {raw: `{"workflows":[{"binding":"A","name":"n","class_name":"C"},{"binding":"B","name":"n","class_name":"C"}]}`},
	{raw: `{"workflows":[{"binding":"A","class_name":"C"},{"binding":"B","class_name":"C"}]}`}, {raw: `{"workflows":[{"binding":"A","name":null},{"binding":"B","name":null}]}`},
	{raw: `{"unsafe":{"capnp":{"compiled_schema":"x","base_path":"y"}}}`}, {raw: `{"unsafe":{"capnp":{"compiled_schema":5}}}`}, {raw: `{"unsafe":{"capnp":{"source_schemas":5}}}`},
	{raw: `{"unsafe":{"bindings":[{"name":5,"type":"metadata"},{"name":"A"}],"metadata":5}}`}, {raw: `{"unsafe":null}`, env: "staging"}, {raw: `{"unsafe":{},"env":{"staging":{"unsafe":{}}}}`, env: "staging"},
	{raw: `{"env":{"staging":{"unsafe":{}}}}`, env: "staging"},

	// Containers.
	{raw: `{"containers":[null]}`}, {raw: `{"containers":["x"]}`}, {raw: `{"containers":[5]}`}, {raw: `{"containers":[[]]}`}, {raw: `{"containers":0}`}, {raw: `{"containers":{}}`},
	{raw: `{"name":"My App","containers":[{"class_name":"My Class","image":"docker.io/httpd:1"}],"exports":{"My Class":{"type":"durable-object","storage":"sqlite","container":"my-app-my-class"}}}`},
	{raw: `{"name":"w","env":{"staging":{"containers":[{"class_name":"C","image":"docker.io/httpd:1"}],"exports":{"C":{"type":"durable-object","storage":"sqlite","container":"w-c-staging"}}}}}`, env: "staging"},
	{raw: `{"name":"w","exports":{"C":{"type":"durable-object","storage":"sqlite","container":"c1"}},"env":{"staging":{"containers":[{"name":"c1","image":"docker.io/httpd:1"}]},"prod":{"containers":null}}}`, env: "staging"},
	{raw: `{"name":"w","exports":{"C":{"type":"durable-object","storage":"sqlite","container":"c1"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","image":"docker.io/httpd:1"}],"exports":{"C":{"type":"durable-object","storage":"sqlite","container":"c1"},"D":{"type":"durable-object","storage":"sqlite","container":"c1"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","class_name":"C","image":"docker.io/httpd:1"},{"name":"c2","class_name":"D","image":"docker.io/httpd:1"}],"exports":{"C":{"type":"durable-object","storage":"sqlite","container":"c2"},"D":{"type":"durable-object","storage":"sqlite"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","class_name":"C","image":"docker.io/httpd:1"}],"exports":{"D":{"type":"durable-object","storage":"sqlite","container":"c1"},"C":{"type":"durable-object","storage":"sqlite"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","class_name":"C","image":"docker.io/httpd:1"}],"exports":{"C":{"type":"durable-object","storage":"legacy-kv"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","class_name":"C","image":"docker.io/httpd:1"}],"exports":{"C":{"type":"durable-object","state":"deleted"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","class_name":"C","image":"docker.io/httpd:1"}],"exports":{"C":{"type":"durable-object","storage":"sqlite","container":"c1"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","image":"docker.io/httpd:1"}],"exports":{"C":{"type":"durable-object","state":"deleted","container":"c1"}}}`},
	{raw: `{"name":"w","containers":[{"name":"c1","class_name":{},"image":"docker.io/httpd:1"}]}`, toml: true}, {raw: `{"name":{},"containers":[{"class_name":"C"}]}`, toml: true},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","max_instances":"-5","rollout_step_percentage":[10,20,100]}]}`},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","max_instances":["0x1"],"rollout_step_percentage":[10,100]}]}`},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","max_instances":{},"rollout_step_percentage":[10,100]}]}`},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","max_instances":{}}]}`, toml: true},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","max_instances":{"$date":"1960-01-01T00:00:00.000Z"},"rollout_step_percentage":[[1],100]}]}`, toml: true},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","rollout_step_percentage":{}}]}`, toml: true},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","rollout_step_percentage":[[{}],10]}]}`, toml: true},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","rollout_active_grace_period":{}}]}`, toml: true},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":null,"configuration":null}]}`}, {raw: `{"name":"w","containers":[{"name":"c","class_name":"C","configuration":{"image":"docker.io/httpd:1"},"constraints":null}]}`},
	{raw: `{"name":"w","containers":[{"name":"c","class_name":"C","image":"docker.io/httpd:1","constraints":{"tier":1,"tiers":[1],"regions":["x",5]}}]}`},
	{raw: `{"containers":[{"class_name":"C","image":"docker.io/httpd:1"}]}`}, {raw: `{"name":"w","containers":[{"scheduling_policy":"durable_object","class_name":5}]}`},
	{raw: `{"name":"w","containers":[{"scheduling_policy":"durable_object","class_name":"C","images":{"a":{}},"unsafe":{"configuration":{"experimental_flags":[5]}}}]}`},
	{raw: `{"name":"w","containers":[{"scheduling_policy":"durable_object","class_name":"C","images":{},"unsafe":{"x":1},"observability":null}]}`},
	{raw: `{"previews":{"containers":[{"scheduling_policy":"durable_object"}]}}`}, {raw: `{"previews":{"containers":[{"name":"x"},{"class_name":"C"},{"class_name":"C"}]}}`},
	{raw: `{"previews":{"containers":[{"class_name":"C"},{"class_name":"C"}]}}`}, {raw: `{"previews":{"containers":[null]}}`}, {raw: `{"previews":{"agent_memory":[]}}`},

	// Numbers that are none.
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":"0x2"}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":" 0b11 "}}`},
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":"0o1"}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":"0x"}}`},
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":"0b2"}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":"Infinity"}}`},
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":"-Infinity"}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":"+-Infinity"}}`},
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":"1e1000"}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":"1_0"}}`},
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":".5e1."}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":"5."}}`},
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":true}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":[[2]]}}`},
	{raw: `{"observability":{"enabled":true,"head_sampling_rate":{}}}`}, {raw: `{"observability":{"enabled":true,"head_sampling_rate":{}}}`, toml: true},
	{raw: `{"observability":{"logs":null}}`}, {raw: `{"observability":{"enabled":true,"traces":null}}`}, {raw: `{"observability":{"enabled":5,"logs":{"enabled":5},"issues":5}}`},
	{raw: `{"observability":[]}`}, {raw: `{"observability":{"enabled":true,"logs":[],"traces":"x"}}`},
	{raw: `{"connect":[{"protocol":"tcp","port":80},{"protocol":"tcp","port":80},{"protocol":"udp","port":80}]}`}, {raw: `{"connect":[null,[]]}`},
	{raw: `{"cloudchamber":{"instance_type":{}}}`, toml: true}, {raw: `{"cloudchamber":{"instance_type":5,"memory":"1","vcpu":1}}`}, {raw: `{"cloudchamber":[]}`},
	{raw: `{"placement":{"mode":{},"hint":5}}`, toml: true}, {raw: `{"placement":{"mode":"off","hint":"x","region":"r"}}`}, {raw: `{"placement":{"mode":"targeted"}}`},
	{raw: `{"placement":{"mode":"targeted","region":null}}`}, {raw: `{"placement":{"region":"","host":""}}`}, {raw: `{"placement":null}`},
	{raw: `{"limits":"x"}`}, {raw: `{"limits":true}`}, {raw: `{"limits":null}`}, {raw: `{"limits":{"cpu_ms":null}}`}, {raw: `{"tail_consumers":""}`}, {raw: `{"tail_consumers":[null,[]]}`},
	{raw: `{"dispatch_namespaces":[{"binding":"A","outbound":null},{"binding":"B","outbound":{"service":"s","parameters":[5]}}]}`},
	{raw: `{"dispatch_namespaces":[{"binding":"B","namespace":"n","outbound":{"service":"s","parameters":["p","q"],"environment":"e"}},{"binding":"C","namespace":"n","outbound":{"service":"s"}}]}`},
	{raw: `{"kv_namespaces":[{"binding":"A","id":"x","type":"d1"},{"binding":"B","id":"x","type":"pipeline"}]}`}, {raw: `{"kv_namespaces":[{"binding":"A","id":"x","type":"pipeline"}]}`},
	{raw: `{"kv_namespaces":[{"binding":"A","id":"x","type":"text_blob"}]}`}, {raw: `{"kv_namespaces":[{"binding":"A","id":"x","type":5}]}`},
	{raw: `{"kv_namespaces":[{"binding":"A","id":"x","type":"plain_text","value":5},{"binding":"B","type":"unsafe_z","raw":{"a":[1]}}]}`},
	{raw: `{"ai":{"binding":"A","staging":true,"raw":{"x":1}},"browser":{"binding":"B"},"images":{"binding":"C","type":"browser"}}`},
	{raw: `{"services":[{"binding":"S","service":"s","props":{"a":1},"cross_account_grant":"g","environment":"","entrypoint":"E"}],"k2":[{"binding":"K","stream":"s","remote":false}]}`},
	{raw: `{"triggers":{"crons":null,"events":{}}}`}, {raw: `{"triggers":{"events":[{"type":"cf.artifacts.repo.pushed","filter":{"x":1},"targets":[]},null]}}`},
	{raw: `{"triggers":{"events":[{"type":"cf.artifacts.repo.pushed","targets":[{"type":"workflow","workflow_name":"w","x":1},5]}]}}`}, {raw: `{"triggers":[]}`},
	{raw: `{"r2_buckets":[{"binding":"R","bucket_name":"bad_","preview_bucket_name":5,"local_dev":{"experimental_s3_credentials":{"accessKeyId":"a"}}}]}`},
	{raw: `{"r2_buckets":[{"binding":"R","bucket_name":"good-name","preview_bucket_name":"x","local_dev":null}]}`},
	{raw: `{"access":{"dev":null}}`}, {raw: `{"access":{"dev":[]}}`}, {raw: `{"assets":{"binding":"","run_worker_first":[5]}}`}, {raw: `{"assets":[]}`},
	{raw: `{"compatibility_date":"2024-01-01T10:20:30.123Z"}`}, {raw: `{"compatibility_date":"2024—01—01"}`}, {raw: `{"compatibility_date":5}`}, {raw: `{"compatibility_date":null}`},
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
		if c.script != "" {
			list[i].Script = &corners[i].script
		}
	}
	return list
}
