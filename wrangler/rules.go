package wrangler

import (
	"slices"

	"github.com/workerenv/workerenv/devvars"
)

// The rules of this package that are not about the meaning of a configuration. See [Rules].
const (
	RuleBrokenLink       Rule = "broken-link"
	RuleExpansion        Rule = "expansion-failed"
	RuleFile             Rule = "file"
	RuleLimit            Rule = "limit"
	RuleManyEnvironments Rule = "many-environments"
	RuleSetting          Rule = "misplaced-setting"
	RuleNotInProduction  Rule = "missing-in-production"
	RuleNotLocal         Rule = "missing-locally"
	RuleMissingSecret    Rule = "missing-secret"
	RuleMore             Rule = "more"
	RuleNoConfig         Rule = "no-config"
	RuleNotBound         Rule = "not-bound"
	RuleNotJSON          Rule = "not-json"
	RuleNothingBound     Rule = "nothing-bound"
	RuleOtherConfig      Rule = "other-config"
	RuleProcessControl   Rule = "process-control"
	RuleNotPassed        Rule = "process-not-passed"
	RulePublishedFile    Rule = "published-file"
	RuleRedirect         Rule = "redirect"
	RuleRedirectEnv      Rule = "redirect-env"
	RuleRedirected       Rule = "redirect-in-use"
	RuleRedirectStale    Rule = "redirect-stale"
	RuleRemoteSecret     Rule = "remote-secret"
	RuleRepeatedKey      Rule = "repeated-key"
	RuleResource         Rule = "resource"
	RuleSecretVar        Rule = "secret-in-vars"
	RuleSecretsFile      Rule = "secrets-file"
	RuleExpanded         Rule = "secrets-file-expanded"
	RuleSwitch           Rule = "switch"
	RuleSyntax           Rule = "syntax"
	RuleTextOverJSON     Rule = "text-over-json"
	RuleNotInConfig      Rule = "unknown-to-config"
	RuleUnreadFile       Rule = "unread-file"
	RuleReference        Rule = "unresolved-reference"
	RuleUsage            Rule = "usage"
	RuleVault            Rule = "vault"
	RuleCredentials      Rule = "wrangler-credentials"
)

// RuleInfo describes a rule. Where some findings have another Severity, the Meaning says so.
//
// Example is a project with a finding of the rule, "" if files alone do not have one. Each file
// follows a line "-- name --". A line before the first file starts with a dollar sign, and has
// variables and flags.
type RuleInfo = devvars.RuleInfo

// Rules returns the rules of this package and those of git, which only the command workerenv
// checks, in the order of their names. Those about the text of .dev.vars and .env files are in
// package devvars. The caller owns the slice.
func Rules() []RuleInfo { return slices.Clone(rules) }

func row(r Rule, s Severity, meaning, cure, example string) RuleInfo {
	return RuleInfo{Rule: r, Severity: s, Meaning: meaning, Cure: cure, Example: example}
}

// toDist leads to a generated configuration.
const toDist = `-- .wrangler/deploy/config.json --
{"configPath": "../../dist/wrangler.json"}
`

var rules = []RuleInfo{
	row(RuleBrokenLink, SeverityWarning, "a file of the env is a link to a file that does not exist",
		"correct the link, or replace it by a file", ""),
	row("choice", SeverityError, "a value is not one of those that are allowed",
		"use one of those that the finding names", `-- wrangler.json --
{"ratelimits": [{"name": "R", "namespace_id": "1", "simple": {"limit": 1, "period": 5}}]}
`),
	row("conflict", SeverityError, "two fields exclude each other, or one needs another",
		"keep one of them, or add the other", `-- wrangler.json --
{"durable_objects": {"bindings": [{"name": "D", "class_name": "D", "environment": "e"}]}}
`),
	row("date", SeverityError, "a var is a TOML date",
		"put the date in quotes", `-- wrangler.toml --
vars.D = 2026-01-01
`),
	row(RuleExpansion, SeverityError, "wrangler cannot replace the references in a value of a .env file",
		"change the name or the references in the value", ""),
	row(RuleFile, SeverityError, "a file or directory cannot be read",
		"correct the name or the permissions", `-- .dev.vars/x --
`),
	row("format", SeverityError, "a text does not have the required form",
		"follow the form that the finding names", `-- wrangler.json --
{"name": "My Worker"}
`),
	row("git", SeverityWarning, "git tracks a file of secrets or the file that it links to, or git add would add it",
		"remove it with git rm --cached, list it in .gitignore, and replace the secrets if it was published", ""),
	row(RuleLimit, SeverityWarning, "there are more bindings, or larger values, than Cloudflare deploys",
		"put several vars into one JSON var, or store large values in KV", ""),
	row(RuleManyEnvironments, SeverityWarning, "there are environments and none is selected for a deployment",
		"use --env, or --env=\"\" for the top level", ""),
	row(RuleSetting, SeverityWarning, "a setting of wrangler is where wrangler does not read it",
		"set it in the process environment or in .env", `-- wrangler.json --
{}
-- .dev.vars --
CLOUDFLARE_ENV=staging
`),
	row(RuleNotInProduction, SeverityWarning, "the deployed Worker lacks a secret that the project has or requires",
		"use wrangler secret put", ""),
	row(RuleNotLocal, SeverityWarning, "the deployed Worker has a secret for which wrangler dev has no value",
		"add it to .dev.vars", ""),
	row(RuleMissingSecret, SeverityWarning, "a required secret has no value",
		"add it to .dev.vars or .env", `-- wrangler.json --
{"secrets": {"required": ["TOKEN"]}}
`),
	row(RuleMore, SeverityNote, "there are more findings, or environments, than are listed",
		"correct the listed ones first", ""),
	row(RuleNoConfig, SeverityWarning, "there is no configuration in the directory or above it",
		"run wrangler in the directory of the project", `-- .dev.vars --
TOKEN=abc
`),
	row(RuleNotBound, SeverityWarning, "not all names of a file that wrangler reads are bound; a note if that is usual",
		"add the name to secrets.required, or rename it", `-- wrangler.json --
{"secrets": {"required": []}}
-- .dev.vars --
TOKEN=abc
`),
	row("not-inherited", SeverityWarning, "an environment lacks vars or bindings of the top level",
		"add them to the environment, which does not inherit them", `-- wrangler.json --
{"vars": {"A": "1"}, "env": {"staging": {}}}
`),
	row(RuleNotJSON, SeverityError, "a var has a number or date that JSON cannot express",
		"write it as a string", `-- wrangler.toml --
vars.N = nan
`),
	row(RuleNothingBound, SeverityNote, "wrangler dev binds nothing",
		"add vars, .dev.vars, or a list of required secrets", `-- wrangler.json --
{}
`),
	row(RuleOtherConfig, SeverityWarning, "wrangler does not read a second configuration; a note if it has no other vars",
		"keep one of them, or use --config", `-- wrangler.json --
{"vars": {"A": "1"}}
-- wrangler.toml --
vars.A = "2"
`),
	row(RuleProcessControl, SeverityNote, "a binding has the name of a variable that changes how programs start",
		"use another name, since workerenv run puts the env into a process environment", `-- wrangler.json --
{"vars": {"NODE_OPTIONS": "--inspect"}}
`),
	row(RuleNotPassed, SeverityWarning,
		"a process variable that is needed is not bound; a note for a switch without effect",
		"set CLOUDFLARE_INCLUDE_PROCESS_ENV=true, or list the name in secrets.required", `$ API_KEY=abc
-- wrangler.json --
{}
-- .dev.vars.example --
API_KEY=
`),
	row(RulePublishedFile, SeverityWarning, "a file of secrets is in the directory of static assets",
		"move it out or list it in .assetsignore, and replace the secrets if it was deployed", `-- wrangler.json --
{"assets": {"directory": "public"}, "vars": {"A": "1"}}
-- public/.env --
A=1
`),
	row(RuleRedirect, SeverityError, "a .wrangler/deploy/config.json cannot be followed",
		"build the project again", `-- wrangler.json --
{}
-- .wrangler/deploy/config.json --
{"configPath": "gone.json"}
`),
	row(RuleRedirectEnv, SeverityWarning, "the selected environment has no effect on a generated configuration",
		"build again for that environment", `$ --env production
-- wrangler.json --
{"env": {"production": {}}}
-- dist/wrangler.json --
{}
`+toDist),
	row(RuleRedirected, SeverityNote, "wrangler reads a configuration that a build tool generated",
		"build again after each change of your own configuration", `-- wrangler.json --
{}
-- dist/wrangler.json --
{}
`+toDist),
	row(RuleRedirectStale, SeverityWarning, "a generated configuration has other vars than the user's own",
		"build again", `-- wrangler.json --
{"vars": {"A": "new"}}
-- dist/wrangler.json --
{"vars": {"A": "old"}}
`+toDist),
	row("redirected", SeverityError, "a generated configuration has a field that is not allowed in it",
		"report this to the author of the build tool", `-- wrangler.json --
{}
-- dist/wrangler.json --
{"env": {"a": {}}}
`+toDist),
	row(RuleRemoteSecret, SeverityWarning, "a binding would replace a deployed secret; an error with --strict",
		"rename the binding, or delete the secret", ""),
	row("removed-field", SeverityError, "wrangler no longer accepts this field",
		"follow what the finding says", `-- wrangler.json --
{"legacy_env": true}
`),
	row(RuleRepeatedKey, SeverityWarning, "an object of the configuration has a key twice, and the first does not count",
		"put both values into one", `-- wrangler.json --
{"vars": {"A": "1"}, "vars": {"B": "2"}}
`),
	row("required", SeverityError, "something that must be there is missing",
		"add it", `-- wrangler.json --
{"kv_namespaces": [{"id": "aaaa"}]}
`),
	row("reserved-name", SeverityError, "the platform reserves this name",
		"choose another name", `-- wrangler.json --
{"vars": {"constructor": "1"}}
`),
	row(RuleResource, SeverityError, "wrangler dev cannot emulate a resource as it is configured",
		"follow what the finding says", `-- wrangler.json --
{"hyperdrive": [{"binding": "H", "id": "aaaa"}]}
`),
	row(RuleSecretVar, SeverityWarning, "a var looks like a secret",
		"use wrangler secret put, and .dev.vars for development", `-- wrangler.json --
{"vars": {"DB_PASSWORD": "hunter22"}}
`),
	row(RuleSecretsFile, SeverityError, "the file of --secrets-file contains no secrets",
		"write a JSON object of strings, or lines of NAME=value", ""),
	row(RuleExpanded, SeverityWarning, "--secrets-file replaces a reference in a value, and wrangler secret bulk does not",
		"write \\$ for a dollar sign, or use a JSON file", ""),
	row(RuleSwitch, SeverityError, "a variable of wrangler is neither true nor false",
		"set it to true or false", `$ CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=no
-- wrangler.json --
{}
`),
	row(RuleSyntax, SeverityError, "a configuration is not JSON or TOML",
		"correct the text at the place of the finding", `-- wrangler.json --
{
`),
	row("target-environment", SeverityError, "a generated configuration is for another environment than the selected",
		"build again for the selected environment", `$ --env a
-- wrangler.json --
{"env": {"a": {}}}
-- dist/wrangler.json --
{"targetEnvironment": "b"}
`+toDist),
	row(RuleTextOverJSON, SeverityWarning,
		"a text replaces a JSON var: false becomes \"false\", which is true in JavaScript",
		"compare the text in the code, or leave the var as it is", `-- wrangler.json --
{"vars": {"DEBUG": false}}
-- .dev.vars --
DEBUG=false
`),
	row("toml-below-env", SeverityWarning, "a table of the top level is below a table of an environment in the TOML file",
		"write [env.NAME.table], or move it above the environments", `-- wrangler.toml --
[env.production]
[vars]
A = "1"
`),
	row("toml-swallowed", SeverityWarning, "a field of the configuration is below a TOML table and so belongs to it",
		"move the line above the first [table]", `-- wrangler.toml --
[vars]
compatibility_flags = ["nodejs_compat"]
`),
	row("top-level-field", SeverityWarning, "an environment has a field that only the top level can have",
		"move the line to the top level", `$ --env a
-- wrangler.json --
{"env": {"a": {"keep_vars": true}}}
`),
	row("type", SeverityError, "a value has the wrong type",
		"use the type that the finding names", `-- wrangler.json --
{"vars": []}
`),
	row("unique-name", SeverityError, "several bindings have the same name",
		"give each binding a name of its own, or move one to its environment", `-- wrangler.json --
{"vars": {"A": "1"}, "kv_namespaces": [{"binding": "A", "id": "aaaa"}]}
`),
	row("unknown-environment", SeverityError, "the selected environment does not exist; a warning if there is none",
		"add it, or select one that is there", `$ --env b
-- wrangler.json --
{"env": {"a": {}}}
`),
	row("unknown-field", SeverityWarning, "a field that wrangler does not know is probably meant as another",
		"use the name that the finding proposes", `-- wrangler.json --
{"var": {"A": "1"}}
`),
	row(RuleNotInConfig, SeverityNote, "the deployed Worker has a secret that secrets.required does not name",
		"add the name, or delete the secret if it is not needed", ""),
	row(RuleUnreadFile, SeverityWarning, "wrangler does not read a file that holds an env; a note where that is usual",
		"move, copy or rename the file, or use --env", `-- wrangler.json --
{}
-- dev.vars --
TOKEN=abc
`),
	row(RuleReference, SeverityWarning,
		"a var is a reference to a secret or to a variable, which wrangler does not resolve",
		"use wrangler secret put, --var, or the other tool", `-- wrangler.json --
{"vars": {"KEY": "op://vault/item/field"}}
`),
	row(RuleUsage, SeverityError,
		"options do not fit together or to the project; a warning for an argument of the wrong form",
		"follow what the finding says", `-- wrangler.json --
{"pages_build_output_dir": "dist"}
`),
	row(RuleVault, SeverityError, "wrangler would decrypt a .env.vault file, which is not supported",
		"unset DOTENV_KEY, or remove the file", `$ DOTENV_KEY=abc
-- wrangler.json --
{}
-- .env.vault --
`),
	row(RuleCredentials, SeverityWarning, "wrangler's own credentials are bound to the Worker; a note in .dev.vars",
		"set them in the process environment", `-- wrangler.json --
{}
-- .env --
CLOUDFLARE_API_TOKEN=abc
`),
}
