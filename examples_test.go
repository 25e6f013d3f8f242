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
	dir, err := filepath.Abs("examples/shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := wrangler.Load(wrangler.Options{Dir: dir, Environment: new("staging")})
	if err != nil {
		fmt.Println(err)
		return
	}
	resolution, err := config.Dev(wrangler.DevOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	env, err := resolution.Env()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(config.Name(), env.Names())
	fmt.Println(env.Get("API_HOST"), env.Get("FEATURES"))
	token, _ := env.Lookup("API_TOKEN")
	fmt.Println(token, len(token.Reveal()))
	// Output:
	// shop-staging [API_HOST API_TOKEN DISCOUNT FEATURES SECRET_KEY]
	// localhost:8788 {"checkout":false,"currencies":["EUR"]}
	// [redacted] 36
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

// Deploy a project to 10 % of the traffic, then to all, rotate a secret, and go back to the old code.
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
	first := version.Upload{Bindings: binding.MustSet(binding.Var("HOST", "v1.example.com"), binding.Secret("TOKEN", "old"))}
	old, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) { return tx.UploadAndDeploy(first) })
	check(err)
	fmt.Println(h.Plan(ctx, nil, func(tx *version.Tx) error { _, err := tx.Upload(upload); return err }))
	made, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) { return tx.Upload(upload) })
	check(err)
	deploy := func(d version.Deploy) {
		_, err := version.Do(ctx, h, func(tx *version.Tx) (version.Deployment, error) { return tx.Deploy(d) })
		check(err)
	}
	deploy(version.Deploy{Splits: version.Gradual(made.ID(), old.ID(), version.Percent(10))})
	deploy(version.Deploy{Splits: version.Full(made.ID())})
	_, err = version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) {
		return tx.SecretPut("TOKEN", "new", version.Meta{})
	})
	check(err)
	undone, err := version.Do(ctx, h, func(tx *version.Tx) (version.Version, error) {
		return tx.RollbackCode(version.Rollback{To: old.ID()})
	})
	fmt.Println(undone.Env().Get("HOST"), undone.Env().Get("TOKEN"), err)
	// Output:
	// version 2 from 1
	//   ~ HOST (plain_text) <nil>
	// v1.example.com new <nil>
}
