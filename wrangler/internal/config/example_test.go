package config_test

import (
	"fmt"

	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

func ExampleNormalize() {
	raw, err := syntax.Parse([]byte(`{
  "name": "api",
  "vars": {"HOST": "api.example.com"},
  "env": {"staging": {"kv_namespaces": [{"binding": "CACHE", "id": 7}]}}
}`), syntax.JSONC)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, problems := config.Normalize(raw, config.Options{EnvFlag: new("staging")})
	fmt.Println(c.Name, len(c.Vars))
	for _, p := range problems {
		fmt.Println(p.Severity, p.Rule, p.Key)
	}
	// Output:
	// api-staging 0
	// warning not-inherited env.staging.vars
	// error type env.staging.kv_namespaces[0].id
}
