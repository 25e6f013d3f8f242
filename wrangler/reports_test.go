package wrangler_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/wrangler"
)

// TestReports has the projects of public reports, made small, and for each the finding with the
// cause and the cure, "" if there is none.
func TestReports(t *testing.T) {
	for _, test := range []struct{ report, project, want string }{{
		"github.com/cloudflare/workers-sdk/issues/8157", `-- wrangler.json --
{"hyperdrive": [{"binding": "DB", "id": "a"}]}
-- .dev.vars --
CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB=postgres://u:p@localhost/d
`, `error: wrangler.json:1:17: hyperdrive[0]: needs a local database; set "localConnectionString" or the variable ` +
			"CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB; it is in .dev.vars:1:1, but wrangler reads it from the process " +
			"environment and from .env in the directory where it runs",
	}, {
		"github.com/kalepail/stellar-turrets/pull/15", `-- wrangler.toml --
vars = { NETWORK = "${STELLAR_NETWORK}" }
`, "warning: wrangler.toml:1:20: vars.NETWORK: the value refers to a variable, and wrangler replaces no variables in a " +
			"configuration, so the Worker gets this text; use wrangler secret put NETWORK, or --var NETWORK:value if it " +
			"is no secret",
	}, {
		"github.com/cloudflare/wrangler-legacy/issues/1081", `$ --env development
-- wrangler.toml --
[env.development]
text = { A = "1" }
`, `warning: wrangler.toml:2:8: env.development.text: is a field that wrangler does not know; did you mean "vars"?`,
	}, {
		"github.com/cloudflare/wrangler-action/issues/354", `-- wrangler.toml --
[env.dev]
name = "w-dev"
DATABASE_URL = "postgres://h/d"
`, `warning: wrangler.toml:3:16: env.dev.DATABASE_URL: is a field that wrangler does not know; did you mean "vars"?`,
	}, {
		"github.com/auth0/agent-skills/pull/169", `-- wrangler.toml --
secrets = ["AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"]
`, `error: wrangler.toml:1:11: secrets: must be an object with the list "required", but is an array`,
	}, {
		"the same with values", `-- wrangler.json --
{"secrets": {"AUTH0_CLIENT_SECRET": "x"}, "vars": {"A": "1"}}
`, `warning: wrangler.json:1:37: secrets.AUTH0_CLIENT_SECRET: is a field that wrangler does not know; list the name in ` +
			`"secrets.required"; its value belongs in .dev.vars and in wrangler secret put`,
	}, {
		"an environment without env", `-- wrangler.toml --
[production.vars]
A = "1"
`, `warning: wrangler.toml:1:2: production: is a field that wrangler does not know; did you mean "env.production"?`,
	}, {
		"vars in env", `-- wrangler.json --
{"env": {"API_HOST": "localhost"}}
`, `warning: wrangler.json:1:22: env.API_HOST: the members of "env" are environments; did you mean "vars"?`,
	}, {
		"env in an environment", `$ --env staging
-- wrangler.json --
{"env": {"staging": {"env": {"API_HOST": "localhost"}}}}
`, `warning: wrangler.json:1:22: env.staging.env: is a field of the top level, which wrangler ignores in an ` +
			`environment; did you mean "vars"?`,
	}, {
		"a list of required secrets that is not complete", `-- wrangler.json --
{"secrets": {"required": ["A"]}}
-- .dev.vars --
A=1
B=2
`, "warning: .dev.vars:2:1: wrangler reads this file, but does not bind B: the list secrets.required of the " +
			"configuration lacks the name; add it there",
	}, {
		"github.com/cloudflare/workers-sdk/issues/15068", `$ CLOUDFLARE_ENV=staging
-- wrangler.json --
{"env": {"staging": {}}}
-- .dev.vars --
A=1
-- .dev.vars.staging --
A=2
`, "warning: .dev.vars.staging: wrangler does not read this file: only --env selects this file, CLOUDFLARE_ENV does " +
			"not; use --env",
	}, {
		"github.com/opennextjs/opennextjs-cloudflare/issues/157", `-- wrangler.json --
{}
-- .dev.vars --
NEXTJS_ENV=development
-- .env.local --
API_KEY=1
`, "note: .env.local: wrangler does not read this file: .env files are not read if there is a .dev.vars; nothing " +
			"else binds API_KEY; move the name to .dev.vars",
	}, {
		"github.com/cloudflare/workers-sdk/issues/8913", `$ -C packages/w
-- .env --
A=1
-- packages/w/wrangler.json --
{}
`, "note: ../../.env: wrangler does not read this file: the file is not beside the configuration; nothing else binds " +
			"A; copy what is needed to .env",
	}, {
		"github.com/zpg6/better-auth-cloudflare/issues/53", `-- apps/web/wrangler.jsonc --
{}
`, "warning: there is no wrangler.json, wrangler.jsonc or wrangler.toml here or in a directory above; use --config " +
			"apps/web/wrangler.jsonc, or run wrangler in that directory",
	}, {
		"github.com/nitrojs/nitro/issues/3429", `$ --env staging
-- wrangler.json --
{"env": {"staging": {}}}
-- .wrangler/deploy/config.json --
{"configPath": "../../.output/server/wrangler.json"}
-- .output/server/wrangler.json --
{"env": {"staging": {}}}
`, `error: .output/server/wrangler.json:1:9: env: a generated configuration must not have environments, but has ` +
			`"staging"; report this to the author of the tool that generated it, or use --config with your own`,
	}, {
		"secrets among the assets", `-- wrangler.json --
{"assets": {"directory": "."}}
-- .dev.vars --
A=1
`, "warning: .dev.vars: this file is in the directory of assets, which wrangler deploy publishes; move it out or list " +
			"it in .assetsignore, and replace the secrets if it was deployed",
	}, {
		"github.com/honojs/starter/issues/43", `-- wrangler.json --
{}
-- dev.vars.txt --
A=1
`, "warning: dev.vars.txt: wrangler does not read this file: wrangler reads no file of this name; nothing else binds " +
			"A; did you mean .dev.vars?",
	}, {
		"github.com/dotenvx/dotenvx/issues/280", `$ CLOUDFLARE_INCLUDE_PROCESS_ENV=true
$ API_KEY=1
-- wrangler.json --
{}
-- .dev.vars --
A=1
`, "note: CLOUDFLARE_INCLUDE_PROCESS_ENV: has no effect, since process variables never count where there is a " +
			".dev.vars; move what is needed to .dev.vars, or rename that file to .env",
	}, {
		"a process variable where a .dev.vars counts", `$ API_KEY=1
-- wrangler.json --
{"secrets": {"required": ["API_KEY", "A"]}}
-- .dev.vars --
A=1
`, "warning: wrangler.json:1:27: secrets.required[0]: required secret API_KEY is missing; add it to .dev.vars, " +
			"since nothing else counts where that file exists",
	}, {
		"github.com/cloudflare/cloudflare-docs/pull/15532", `-- wrangler.json --
{"vars": {"SERVICE_X_DATA": {"URL": "example.com"}}}
-- .dev.vars --
SERVICE_X_DATA.URL=localhost:4000
`, "warning: .dev.vars:1:1: has no effect on the JSON var SERVICE_X_DATA, since a name with a dot is a binding of its " +
			"own; change the var, or use an environment for development",
	}, {
		"an environment of a Pages project", `$ --pages
-- wrangler.toml --
pages_build_output_dir = "dist"
[env.staging.vars]
A = "1"
`, "warning: wrangler.toml:2:6: env.staging: a Pages project has the environments preview and production only; " +
			"wrangler pages deploy refuses others",
	}, {
		"github.com/cloudflare/workers-sdk/issues/13462", `$ --env staging
-- wrangler.json --
{"vars": {"E": "production"}, "env": {"staging": {"vars": {"E": "staging"}}}}
-- .dev.vars --
E=development
`, "",
	}} {
		t.Run(test.report, func(t *testing.T) {
			var got []string
			for _, f := range wrangler.Check(exampleOf(t, test.project)) {
				if f.Rule != wrangler.RuleNothingBound {
					got = append(got, f.Severity.String()+": "+f.String())
				}
			}
			if test.want == "" {
				require.Empty(t, got)
			} else {
				require.Contains(t, got, test.want, strings.Join(got, "\n"))
			}
		})
	}
}

// A piece of a value that lacks quotes can be read as a name. No finding shows it.
func TestNoFindingShowsAPieceOfAValue(t *testing.T) {
	pem := "KEY=-----BEGIN PRIVATE KEY-----\nCONFIG.piece=\nWRANGLER_piece=\nDYLD_piece=\n-----END PRIVATE KEY-----\n"
	json := "JSON={\n  piece: a$b" + strings.Repeat("x", 6000) + "\n}\n"
	o := wrangler.Options{FS: tree(map[string]string{
		"wrangler.json": `{"vars": {"CONFIG": {"a": 1}}}`, ".dev.vars": pem + json, "secrets": pem + json,
	})}
	findings := wrangler.CheckWith(o, wrangler.CheckOptions{RemoteSecrets: []string{"OTHER"}})
	r, err := deploy(o, wrangler.DeployOptions{SecretsFile: "secrets"})
	require.NoError(t, err)
	rules := map[wrangler.Rule]bool{}
	for _, f := range append(findings, r.Findings()...) {
		rules[f.Rule] = true
		require.NotContains(t, f.String(), "piece")
	}
	for _, rule := range []wrangler.Rule{wrangler.RuleNotInProduction, wrangler.RuleLimit, wrangler.RuleExpanded} {
		require.True(t, rules[rule], rule) // these findings are about the values
	}
	for _, rule := range []wrangler.Rule{wrangler.RuleTextOverJSON, wrangler.RuleSetting, wrangler.RuleProcessControl} {
		require.False(t, rules[rule], rule) // these would be about the pieces
	}
}
