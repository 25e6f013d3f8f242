package workerenv_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"testing/fstest"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/version"
	"github.com/workerenv/workerenv/wrangler"
)

// This example loads the env that wrangler dev binds.
func Example() {
	project := fstest.MapFS{ // for files on disk: wrangler.Options{Dir: "/path/to/project"}
		"wrangler.jsonc": {Data: []byte(`{"vars": {"API_HOST": "api.example.com", "LIMITS": {"perMinute": 60}}}`)},
		".dev.vars":      {Data: []byte("API_HOST=localhost:8788\nAPI_TOKEN='not a real one'\n")},
	}
	env, err := wrangler.DevEnv(wrangler.Options{FS: project})
	if err != nil {
		fmt.Println(err) // file:line:column of each problem, and no values
		return
	}
	fmt.Println(env.Get("API_HOST"), env.Get("LIMITS"))
	fmt.Println(len(env.Map()), env.Names())
	token, _ := env.Lookup("API_TOKEN")
	fmt.Println(token, len(token.Reveal()))
	// Output:
	// localhost:8788 {"perMinute":60}
	// 3 [API_HOST API_TOKEN LIMITS]
	// [redacted] 14
}

// This example explains where a value comes from, and which values it replaces.
func Example_explain() {
	project := fstest.MapFS{
		"wrangler.toml": {Data: []byte("name = \"shop\"\n[vars]\nAPI_HOST = \"api.example.com\"\n")},
		".dev.vars":     {Data: []byte("API_HOST=localhost:8788\n")},
		".env":          {Data: []byte("API_HOST=ignored.example.com\n")},
	}
	config, err := wrangler.Load(wrangler.Options{FS: project})
	if err != nil {
		fmt.Println(err)
		return
	}
	resolution, err := config.Dev(wrangler.DevOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resolution.Explain("API_HOST"))
	// Output:
	// API_HOST
	//   wrangler.toml:3:12 vars.API_HOST: shadowed, a local secret replaces a var of the same name
	//   .env:1:1: dropped, .env files are not read if there is a .dev.vars; move the name to .dev.vars
	//   .dev.vars:1:1: used
}

// This example makes an Env in a test harness. An Env does not distinguish vars from secrets.
func Example_harness() {
	env, err := binding.NewEnv(
		binding.Var("API_HOST", "localhost:8788"),
		binding.JSONVar("LIMITS", `{"perMinute": 60}`),
		binding.Secret("API_TOKEN", "not a real one"),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	var limits struct{ PerMinute int }
	if err := env.Decode("LIMITS", &limits); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(limits.PerMinute, env.Get("API_TOKEN"))
	for name, value := range env.All() {
		fmt.Println(name, value)
	}
	// Output:
	// 60 not a real one
	// API_HOST [redacted]
	// API_TOKEN [redacted]
	// LIMITS [redacted]
}

// This example changes a secret of a .dev.vars file. All other bytes stay unchanged.
func Example_edit() {
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, ".dev.vars")
	f := devvars.Parse([]byte("# from the password manager\nAPI_TOKEN=old # rotate in May\nAPI_HOST: localhost\n"))
	if err := f.Set("API_TOKEN", "a#b c"); err != nil {
		fmt.Println(err)
		return
	}
	if err := f.WriteFile(name); err != nil {
		fmt.Println(err)
		return
	}
	written, err := os.ReadFile(name)
	fmt.Printf("%s%v\n", written, err)
	// Output:
	// # from the password manager
	// API_TOKEN='a#b c' # rotate in May
	// API_HOST: localhost
	// <nil>
}

// This example runs a program with the env in its environment.
func Example_run() {
	env := binding.EnvOf(map[string]string{"API_HOST": "localhost:8788"})
	cmd := exec.Command("sh", "-c", "echo $API_HOST")
	cmd.Env = append(os.Environ(), env.Environ()...)
	output, err := cmd.Output()
	fmt.Printf("%s%v\n", output, err)
	// Output:
	// localhost:8788
	// <nil>
}

// This example uploads a project as a new version, deploys it to 10 % of the traffic and then to all of
// it, changes a secret, and returns to the old code.
func Example_deploy() {
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	config, err := wrangler.Load(wrangler.Options{FS: fstest.MapFS{"wrangler.jsonc": {Data: []byte(
		`{"name": "shop", "vars": {"HOST": "v2.example.com"}, "secrets": {"required": ["TOKEN"]}}`)}}})
	check(err)
	resolution, err := config.Deploy(wrangler.DeployOptions{})
	check(err)
	required, _ := config.RequiredSecrets()
	upload := version.Upload{Bindings: resolution.Set(), Keep: resolution.KeepBindings(), Require: required}

	h := version.NewHistory(new(version.MemStore), config.Name(), version.Options{})
	first := binding.MustSet(binding.Var("HOST", "v1.example.com"), binding.Secret("TOKEN", "old"))
	v1, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) {
		return tx.UploadAndDeploy(version.Upload{Bindings: first})
	})
	check(err)
	plan, err := h.Plan(ctx, nil, func(tx *version.Tx) error { _, err := tx.Upload(upload); return err })
	check(err)
	fmt.Println(plan)
	v2, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) { return tx.Upload(upload) })
	check(err)
	for _, splits := range [][]version.Split{
		version.Gradual(v2.ID(), v1.ID(), version.Percent(10)), version.Full(v2.ID()),
	} {
		_, err := version.Do(ctx, h, func(tx *version.Tx) (version.Deployment, error) {
			return tx.Deploy(version.Deploy{Splits: splits})
		})
		check(err)
	}
	v4, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) {
		if _, err := tx.SecretPut("TOKEN", "new", version.Meta{}); err != nil { // makes version 3
			return version.Version{}, err
		}
		return tx.RollbackCode(version.Rollback{To: v1.ID()})
	})
	check(err)
	fmt.Println(v4.Env().Get("HOST"), v4.Env().Get("TOKEN"))
	// Output:
	// version 2 from 1
	//   ~ HOST (plain_text)
	// v1.example.com new
}
