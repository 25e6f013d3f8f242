package wrangler_test

import (
	"errors"
	"fmt"
	"testing/fstest"

	"github.com/workerenv/workerenv/wrangler"
)

func ExampleDevEnv() {
	project := fstest.MapFS{
		"wrangler.jsonc": {Data: []byte(`{"vars": {"HOST": "api.example.com", "RETRIES": 3}}`)},
		".dev.vars":      {Data: []byte("HOST=localhost\nTOKEN=secret\n")},
	}
	env, err := wrangler.DevEnv(wrangler.Options{FS: project})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(env.Map()) // a map[string]string with the values
	// Output: map[HOST:localhost RETRIES:3 TOKEN:secret]
}

func ExampleLoad() {
	project := fstest.MapFS{
		"wrangler.toml": {Data: []byte("name = \"api\"\nvars.PORT = 8787\n[env.production]\nvars.PORT = 443\n")},
	}
	config, err := wrangler.Load(wrangler.Options{FS: project, Environment: new("production")})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(config.Name(), config.Environments())
	// Output:
	// api-production [production]
}

func ExampleLoad_errors() {
	project := fstest.MapFS{
		"wrangler.json": {Data: []byte(`{
  "name": "Not A Name",
  "vars": ["hunter2"],
  "keep_vars": "yes"
}`)},
	}
	_, err := wrangler.Load(wrangler.Options{FS: project})
	for _, f := range wrangler.Findings(err) {
		fmt.Println(f.Place(), f.Key, f.Rule)
	}
	var first *wrangler.Error
	fmt.Println(errors.As(err, &first))
	// Output:
	// wrangler.json:4:16 keep_vars type
	// wrangler.json:2:11 name format
	// wrangler.json:3:11 vars type
	// true
}

func ExampleConfig_Dev() {
	project := fstest.MapFS{
		"wrangler.jsonc": {Data: []byte(`{"vars": {"HOST": "api.example.com", "RETRIES": 3}}`)},
		".dev.vars":      {Data: []byte("HOST=localhost\nTOKEN=secret\n")},
	}
	config, err := wrangler.Load(wrangler.Options{FS: project})
	if err != nil {
		fmt.Println(err)
		return
	}
	resolution, err := config.Dev(wrangler.DevOptions{Vars: []string{"DEBUG:1"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range resolution.Bindings() {
		source, _ := resolution.Source(b.Name())
		fmt.Println(b.Name(), b.Kind(), source)
	}
	// Output:
	// RETRIES json wrangler.jsonc:1:49 vars.RETRIES
	// DEBUG plain_text --var
	// HOST secret_text .dev.vars:1:1
	// TOKEN secret_text .dev.vars:2:1
}

func ExampleConfig_Deploy() {
	project := fstest.MapFS{
		"wrangler.jsonc": {Data: []byte(`{
  "vars": {"HOST": "api.example.com"},
  "secrets": {"required": ["TOKEN", "KEY"]}
}`)},
		"ci.env": {Data: []byte("TOKEN=secret\n")},
	}
	config, err := wrangler.Load(wrangler.Options{FS: project})
	if err != nil {
		fmt.Println(err)
		return
	}
	upload, err := config.Deploy(wrangler.DeployOptions{SecretsFile: "ci.env"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range upload.Bindings() {
		fmt.Println(b.Kind(), b.Name())
	}
	fmt.Println(upload.KeepBindings())
	// Output:
	// inherit KEY
	// plain_text HOST
	// secret_text TOKEN
	// [secret_text secret_key]
}

func ExampleCheck() {
	project := fstest.MapFS{
		"wrangler.toml": {Data: []byte("[secrets]\nrequired = [\"TOKEN\"]\n")},
		".dev.vars":     {Data: []byte("PASSWORD=abc#def\n")},
	}
	for _, f := range wrangler.Check(wrangler.Options{FS: project}) {
		fmt.Println(f.Severity, f.Place(), f.Rule)
	}
	// Output:
	// warning .dev.vars:1:13 cut-by-hash
	// warning wrangler.toml:2:13 missing-secret
	// warning .dev.vars:1:1 not-bound
}
