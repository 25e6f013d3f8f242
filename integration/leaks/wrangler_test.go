package leaks_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/workerenv/workerenv/wrangler"
)

// project has the contents of files by name. @ stands for the canary, and in a configuration for the
// canary in quotes.
type project map[string]string

func (p project) fs() fstest.MapFS {
	inConfig := string(must(json.Marshal(canary)))
	m := fstest.MapFS{}
	for name, text := range p {
		with := canary
		if strings.HasPrefix(name, "wrangler") {
			with = inConfig
		}
		m[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "@", with))}
	}
	return m
}

// full has values from every kind of source. All of them contain the canary.
var full = project{
	"wrangler.jsonc": `{
		"name": "n", "main": "index.js", "compatibility_date": "2026-11-01",
		"vars": { "TEXT": @, "JSON": [@, { "k": @ }], "SHADOWED": @, "KV": @ },
		"kv_namespaces": [{ "binding": "KV", "id": @ }],
		"unsafe": { "bindings": [{ "name": "UNSAFE", "type": "inherit", "old_name": @ }] },
		"env": { "staging": { "vars": { "TEXT": @, "SHADOWED": @, "LATER": @ },
			"kv_namespaces": [{ "binding": "KV", "id": @ }] } }
	}`,
	"index.js":          "",
	".dev.vars":         "SHADOWED=`@`\nSECRET=@\nSECRET=`@`",
	".dev.vars.staging": "SHADOWED=`@`\nSECRET=@\nSECRET=`@`",
	".env":              "DOTENV=`@`",
	"secrets.json":      string(must(json.Marshal(map[string]string{"SECRET": canary, "TEXT": canary}))),
}

// options have the canary in every field that may hold a value.
func options(p project) wrangler.Options {
	return wrangler.Options{FS: p.fs(), Environ: []string{"SECRET=" + canary, "PROCESS=" + canary}}
}

func wranglerSpecimens() []specimen {
	o := options(full)
	o.Environment = new("staging")
	config := must(wrangler.Load(o))
	dev := must(config.Dev(wrangler.DevOptions{Vars: []string{"FLAG:" + canary, "TEXT:" + canary}}))
	deploy := must(config.Deploy(wrangler.DeployOptions{
		Vars: []string{"FLAG:" + canary}, SecretsFile: "secrets.json", RemoteSecrets: []string{"TEXT"},
	}))
	list := []specimen{
		specimenOf("Config", config),
		specimenOf("Config by value", *config),
		specimenOf("Resolution of dev", dev),
		specimenOf("Resolution of deploy", deploy),
		specimenOf("Resolution by value", *dev),
		specimenOf("Resolution's bindings", dev.Bindings()),
		specimenOf("wrangler findings", append(dev.Findings(), deploy.Findings()...)),
	}
	for _, name := range []string{"TEXT", "SHADOWED", "SECRET", "FLAG", "DOTENV"} {
		e := dev.Explain(name)
		list = append(list, specimenOf("Explanation of "+name, e))
		for i, c := range e.Candidates {
			list = append(list, specimenOf(fmt.Sprintf("Candidate %d of %s", i, name), c))
		}
	}
	return append(list, wranglerErrors()...)
}

// broken are projects that wrangler rejects, with the canary in or near the mistake.
var broken = map[string]project{
	"jsonc":           {"wrangler.jsonc": `{"vars":{"A":@ "B":@}}`},
	"jsonc escape":    {"wrangler.jsonc": `{"vars":{"A":"` + canary + `\q"}}`},
	"jsonc open":      {"wrangler.jsonc": `{"vars":{"A":@,"B":` + canary},
	"json":            {"wrangler.json": `{"vars":{"A":` + canary + `}}`},
	"toml":            {"wrangler.toml": "[vars]\nA = @ @\n"},
	"toml bare":       {"wrangler.toml": "[vars]\nA = " + canary + "\n"},
	"toml date":       {"wrangler.toml": "[vars]\nA = 2026-99-99" + canary[:7] + "\nB = @"},
	"toml twice":      {"wrangler.toml": "[vars]\nA = @\nA = @\n"},
	"vars text":       {"wrangler.jsonc": `{"vars":@}`},
	"env vars":        {"wrangler.jsonc": `{"env":{"x":{"vars":@}}}`},
	"env text":        {"wrangler.jsonc": `{"env":{"x":@}}`},
	"secrets text":    {"wrangler.jsonc": `{"secrets":@}`},
	"required":        {"wrangler.jsonc": `{"secrets":{"required":{"a":@}}}`},
	"required number": {"wrangler.jsonc": `{"secrets":{"required":[@,1]}, "vars":{"A":@}}`},
	"kv id":           {"wrangler.jsonc": `{"kv_namespaces":[{"binding":"A","id":[@]}]}`},
	"kv binding":      {"wrangler.jsonc": `{"kv_namespaces":[{"binding":[@],"id":@}]}`},
	"d1":              {"wrangler.jsonc": `{"d1_databases":[{"binding":"A","database_id":{"a":@}}]}`},
	"r2":              {"wrangler.jsonc": `{"r2_buckets":[{"binding":"A","bucket_name":[@]}]}`},
	"services":        {"wrangler.jsonc": `{"services":[@]}`},
	"queues":          {"wrangler.jsonc": `{"queues":{"producers":[{"binding":"A","queue":[@]}],"consumers":@}}`},
	"name":            {"wrangler.jsonc": `{"name":[@],"main":{"a":@},"account_id":[@],"compatibility_date":[@]}`},
	"unsafe":          {"wrangler.jsonc": `{"unsafe":{"bindings":[{"name":["x"],"type":@}],"metadata":@}}`},
	"unknown field":   {"wrangler.jsonc": `{"no_such_field":@,"vars":@}`},
	"switch":          {"wrangler.jsonc": `{}`},
	"expansion":       {"wrangler.jsonc": `{}`, ".env": "A=`@$constructor`"},
}

// wranglerErrors returns the errors and findings of broken projects.
func wranglerErrors() []specimen {
	var errs []error
	var findings []wrangler.Finding
	for _, name := range slices.Sorted(maps.Keys(broken)) {
		o := options(broken[name])
		o.Programmatic = true // else Load would read the .env file first
		if strings.HasPrefix(name, "env ") {
			o.Environment = new("x")
		}
		if name == "switch" {
			o.Environ = append(o.Environ, "CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV="+canary)
		}
		errs = append(errs, loadError(name, o))
		findings = append(findings, wrangler.Check(o)...)
	}
	for _, text := range []string{
		`{"A":["` + word + `"]}`, "[" + inArray() + "]", canary, `{"A":1,"A":` + inArray() + "}",
	} {
		errs = append(errs, secretsFileError(text))
	}
	return []specimen{
		specimenOf("wrangler error", errs[0]),
		specimenOf("wrangler errors", errs),
		specimenOf("wrangler errors joined", errors.Join(errs...)),
		specimenOf("findings of wrangler errors", wrangler.Findings(errors.Join(errs...))),
		specimenOf("findings of Check", findings),
	}
}

// loadError returns the error of Load or Dev for a broken project.
func loadError(name string, o wrangler.Options) error {
	config, err := wrangler.Load(o)
	if err == nil {
		_, err = config.Dev(wrangler.DevOptions{})
	}
	if err == nil {
		panic(name + " is accepted")
	}
	return err
}

// secretsFileError returns the error of Deploy for a secrets file.
func secretsFileError(text string) error {
	config := must(wrangler.Load(options(project{"wrangler.jsonc": `{}`, "secrets": text})))
	_, err := config.Deploy(wrangler.DeployOptions{SecretsFile: "secrets"})
	if err == nil {
		panic("a secrets file is accepted")
	}
	return err
}
