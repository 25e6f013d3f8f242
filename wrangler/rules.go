package wrangler

import (
	"slices"

	"github.com/workerenv/workerenv/devvars"
)

// The rules about what is lost without an error of wrangler.
const (
	RuleUnreadFile      Rule = "unread-file"           // a file that seems to hold an env, and that wrangler does not read
	RuleBrokenLink      Rule = "broken-link"           // a link to a file that does not exist
	RulePublishedFile   Rule = "published-file"        // a file of secrets among the static assets
	RuleOtherConfig     Rule = "other-config"          // a configuration that wrangler does not read
	RuleNotPassed       Rule = "process-not-passed"    // a process variable that wrangler does not bind
	RuleRedirected      Rule = "redirect-in-use"       // a build tool's configuration stands in for the user's
	RuleRedirectEnv     Rule = "redirect-env"          // an environment that a generated configuration does not have
	RuleRedirectStale   Rule = "redirect-stale"        // a generated configuration with other vars than the user's
	RuleSecretVar       Rule = "secret-in-vars"        // a var that looks like a secret
	RuleReference       Rule = "unresolved-reference"  // a reference that wrangler does not resolve
	RuleTextOverJSON    Rule = "text-over-json"        // a JSON var that a text replaces
	RuleSetting         Rule = "misplaced-setting"     // a setting of wrangler where wrangler does not read it
	RuleCredentials     Rule = "wrangler-credentials"  // wrangler's own credentials, bound to the Worker
	RuleProcessControl  Rule = "process-control"       // a name that changes how programs start
	RuleExpanded        Rule = "secrets-file-expanded" // a secret that wrangler secret bulk would upload differently
	RuleNotInProduction Rule = "missing-in-production" // a secret that the project needs and the deployed Worker lacks
	RuleNotLocal        Rule = "missing-locally"       // a secret of the deployed Worker that development lacks
	RuleNotInConfig     Rule = "unknown-to-config"     // a secret of the deployed Worker that the configuration does not require
	RuleNothingBound    Rule = "nothing-bound"         // a project without bindings
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

var rules = []RuleInfo{{
	Rule: RuleBrokenLink, Severity: SeverityWarning,
	Meaning: "a file of the env is a link to a file that does not exist",
	Cure:    "correct the link, or replace it by a file",
}, {
	Rule: "choice", Severity: SeverityError,
	Meaning: "a value is none of those that are allowed",
	Cure:    "use one of those that the finding names",
	Example: `-- wrangler.json --
{"ratelimits": [{"name": "R", "namespace_id": "1", "simple": {"limit": 1, "period": 5}}]}
`,
}, {
	Rule: "conflict", Severity: SeverityError,
	Meaning: "two fields exclude each other, or one needs another",
	Cure:    "keep one of them, or add the other",
	Example: `-- wrangler.json --
{"durable_objects": {"bindings": [{"name": "D", "class_name": "D", "environment": "e"}]}}
`,
}, {
	Rule: "date", Severity: SeverityError,
	Meaning: "a var is a TOML date",
	Cure:    "put the date in quotes",
	Example: `-- wrangler.toml --
[vars]
D = 2026-01-01
`,
}, {
	Rule: RuleExpansion, Severity: SeverityError,
	Meaning: "wrangler cannot replace the references in a value of a .env file",
	Cure:    "change the name or the references in the value",
}, {
	Rule: RuleFile, Severity: SeverityError,
	Meaning: "a file or directory cannot be read",
	Cure:    "correct the name or the permissions",
	Example: `-- .dev.vars/x --
`,
}, {
	Rule: "format", Severity: SeverityError,
	Meaning: "a text does not have the form that is wanted",
	Cure:    "follow the form that the finding names",
	Example: `-- wrangler.json --
{"name": "My Worker"}
`,
}, {
	Rule: "git", Severity: SeverityWarning,
	Meaning: "git tracks a file of secrets or what it links to, or would add it",
	Cure:    "remove it with git rm --cached, list it in .gitignore, and replace the secrets if it was published",
}, {
	Rule: RuleLimit, Severity: SeverityWarning,
	Meaning: "there are more bindings, or larger values, than Cloudflare deploys",
	Cure:    "put several vars into one JSON var, or store large values in KV",
}, {
	Rule: RuleManyEnvironments, Severity: SeverityWarning,
	Meaning: "the configuration has environments and none is selected for a deployment",
	Cure:    "use --env, or --env=\"\" for the top level",
}, {
	Rule: RuleSetting, Severity: SeverityWarning,
	Meaning: "a setting of wrangler is where wrangler does not read it",
	Cure:    "set it in the process environment or in .env",
	Example: `-- wrangler.json --
{}
-- .dev.vars --
CLOUDFLARE_ENV=staging
`,
}, {
	Rule: RuleNotInProduction, Severity: SeverityWarning,
	Meaning: "the deployed Worker lacks a secret that the project has or requires",
	Cure:    "use wrangler secret put",
}, {
	Rule: RuleNotLocal, Severity: SeverityWarning,
	Meaning: "wrangler dev binds nothing for a secret of the deployed Worker",
	Cure:    "add it to .dev.vars",
}, {
	Rule: RuleMissingSecret, Severity: SeverityWarning,
	Meaning: "a required secret has no value",
	Cure:    "add it to .dev.vars or .env",
	Example: `-- wrangler.json --
{"secrets": {"required": ["TOKEN"]}}
`,
}, {
	Rule: RuleMore, Severity: SeverityNote,
	Meaning: "there are more findings, or environments, than are listed",
	Cure:    "correct the listed ones first",
}, {
	Rule: RuleNoConfig, Severity: SeverityWarning,
	Meaning: "there is no configuration in the directory or above it",
	Cure:    "run wrangler in the directory of the project",
	Example: `-- .dev.vars --
TOKEN=abc
`,
}, {
	Rule: "not-inherited", Severity: SeverityWarning,
	Meaning: "an environment lacks vars or bindings of the top level, which it does not inherit",
	Cure:    "add them to the environment",
	Example: `-- wrangler.json --
{"vars": {"A": "1"}, "env": {"staging": {}}}
`,
}, {
	Rule: RuleNotJSON, Severity: SeverityError,
	Meaning: "a var has a number or date that JSON cannot hold",
	Cure:    "write it as a string",
	Example: `-- wrangler.toml --
[vars]
N = nan
`,
}, {
	Rule: RuleNothingBound, Severity: SeverityNote,
	Meaning: "wrangler dev binds nothing",
	Cure:    "add vars, .dev.vars, or a list of required secrets",
	Example: `-- wrangler.json --
{}
`,
}, {
	Rule: RuleOtherConfig, Severity: SeverityWarning,
	Meaning: "there is a second configuration, which wrangler does not read; a note if it has no other vars",
	Cure:    "keep one of them, or use --config",
	Example: `-- wrangler.json --
{"vars": {"A": "1"}}
-- wrangler.toml --
[vars]
A = "2"
`,
}, {
	Rule: RuleProcessControl, Severity: SeverityNote,
	Meaning: "a binding has the name of a variable that changes how programs start",
	Cure:    "use another name, since workerenv run puts the env into a process environment",
	Example: `-- wrangler.json --
{"vars": {"NODE_OPTIONS": "--inspect"}}
`,
}, {
	Rule: RuleNotPassed, Severity: SeverityWarning,
	Meaning: "a process variable that the project needs is not bound",
	Cure:    "set CLOUDFLARE_INCLUDE_PROCESS_ENV=true, or list the name in secrets.required",
	Example: `$ API_KEY=abc
-- wrangler.json --
{}
-- .dev.vars.example --
API_KEY=
`,
}, {
	Rule: RulePublishedFile, Severity: SeverityWarning,
	Meaning: "a file of secrets is in the directory of static assets",
	Cure:    "move it out of the directory, and replace the secrets if it was deployed",
	Example: `-- wrangler.json --
{"assets": {"directory": "public"}, "vars": {"A": "1"}}
-- public/.env --
A=1
`,
}, {
	Rule: RuleRedirect, Severity: SeverityError,
	Meaning: "a .wrangler/deploy/config.json cannot be followed",
	Cure:    "build the project again",
	Example: `-- wrangler.json --
{}
-- .wrangler/deploy/config.json --
{"configPath": "gone.json"}
`,
}, {
	Rule: RuleRedirectEnv, Severity: SeverityWarning,
	Meaning: "the selected environment has no effect on a generated configuration",
	Cure:    "build again for that environment",
	Example: `$ --env production
-- wrangler.json --
{"env": {"production": {}}}
-- dist/wrangler.json --
{}
-- .wrangler/deploy/config.json --
{"configPath": "../../dist/wrangler.json"}
`,
}, {
	Rule: RuleRedirected, Severity: SeverityNote,
	Meaning: "wrangler reads a configuration that a build tool generated",
	Cure:    "build again after each change of your own configuration",
	Example: `-- wrangler.json --
{}
-- dist/wrangler.json --
{}
-- .wrangler/deploy/config.json --
{"configPath": "../../dist/wrangler.json"}
`,
}, {
	Rule: RuleRedirectStale, Severity: SeverityWarning,
	Meaning: "a generated configuration has other vars than the one that it was generated from",
	Cure:    "build again",
	Example: `-- wrangler.json --
{"vars": {"A": "new"}}
-- dist/wrangler.json --
{"vars": {"A": "old"}}
-- .wrangler/deploy/config.json --
{"configPath": "../../dist/wrangler.json"}
`,
}, {
	Rule: "redirected", Severity: SeverityError,
	Meaning: "a generated configuration has what it may not have",
	Cure:    "report this to the author of the build tool",
	Example: `-- wrangler.json --
{}
-- dist/wrangler.json --
{"env": {"a": {}}}
-- .wrangler/deploy/config.json --
{"configPath": "../../dist/wrangler.json"}
`,
}, {
	Rule: RuleRemoteSecret, Severity: SeverityWarning,
	Meaning: "a binding would replace a secret of the deployed Worker; an error with --strict",
	Cure:    "rename the binding, or delete the secret",
}, {
	Rule: "removed-field", Severity: SeverityError,
	Meaning: "wrangler no longer takes this field",
	Cure:    "follow what the finding says",
	Example: `-- wrangler.json --
{"legacy_env": true}
`,
}, {
	Rule: "required", Severity: SeverityError,
	Meaning: "something that must be there is missing",
	Cure:    "add it",
	Example: `-- wrangler.json --
{"kv_namespaces": [{"id": "aaaa"}]}
`,
}, {
	Rule: "reserved-name", Severity: SeverityError,
	Meaning: "the platform takes this name",
	Cure:    "choose another name",
	Example: `-- wrangler.json --
{"vars": {"constructor": "1"}}
`,
}, {
	Rule: RuleResource, Severity: SeverityError,
	Meaning: "wrangler dev cannot emulate a resource as it is configured",
	Cure:    "follow what the finding says",
	Example: `-- wrangler.json --
{"hyperdrive": [{"binding": "H", "id": "aaaa"}]}
`,
}, {
	Rule: RuleSecretVar, Severity: SeverityWarning,
	Meaning: "a var looks like a secret",
	Cure:    "use wrangler secret put, and .dev.vars for development",
	Example: `-- wrangler.json --
{"vars": {"DB_PASSWORD": "hunter22"}}
`,
}, {
	Rule: RuleSecretsFile, Severity: SeverityError,
	Meaning: "a file of --secrets-file holds no secrets",
	Cure:    "write a JSON object of strings, or lines of NAME=value",
}, {
	Rule: RuleExpanded, Severity: SeverityWarning,
	Meaning: "--secrets-file replaces a reference in a value, and wrangler secret bulk does not",
	Cure:    "write \\$ for a dollar sign, or use a JSON file",
}, {
	Rule: RuleSwitch, Severity: SeverityError,
	Meaning: "a variable of wrangler is neither true nor false",
	Cure:    "set it to true or false",
	Example: `$ CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV=no
-- wrangler.json --
{}
`,
}, {
	Rule: RuleSyntax, Severity: SeverityError,
	Meaning: "a configuration is not JSON or TOML",
	Cure:    "correct the text at the place of the finding",
	Example: `-- wrangler.json --
{
`,
}, {
	Rule: "target-environment", Severity: SeverityError,
	Meaning: "a generated configuration is for another environment than the selected one",
	Cure:    "build again for the selected environment",
	Example: `$ --env a
-- wrangler.json --
{"env": {"a": {}}}
-- dist/wrangler.json --
{"targetEnvironment": "b"}
-- .wrangler/deploy/config.json --
{"configPath": "../../dist/wrangler.json"}
`,
}, {
	Rule: RuleTextOverJSON, Severity: SeverityWarning,
	Meaning: "a text replaces a JSON var, so that false becomes a text that is true",
	Cure:    "compare the text in the code, or leave the var as it is",
	Example: `-- wrangler.json --
{"vars": {"DEBUG": false}}
-- .dev.vars --
DEBUG=false
`,
}, {
	Rule: "toml-below-env", Severity: SeverityWarning,
	Meaning: "a TOML table of the top level stands below one of an environment",
	Cure:    "write [env.NAME.table], or move it above the environments",
	Example: `-- wrangler.toml --
[env.production]
[vars]
A = "1"
`,
}, {
	Rule: "toml-swallowed", Severity: SeverityWarning,
	Meaning: "a field of the configuration stands below a TOML table, to which it then belongs",
	Cure:    "move the line above the first [table]",
	Example: `-- wrangler.toml --
[vars]
compatibility_flags = ["nodejs_compat"]
`,
}, {
	Rule: "top-level-field", Severity: SeverityWarning,
	Meaning: "an environment has a field that only the top level can have",
	Cure:    "move the line to the top level",
	Example: `$ --env a
-- wrangler.json --
{"env": {"a": {"keep_vars": true}}}
`,
}, {
	Rule: "type", Severity: SeverityError,
	Meaning: "a value has the wrong type",
	Cure:    "use the type that the finding names",
	Example: `-- wrangler.json --
{"vars": []}
`,
}, {
	Rule: "unique-name", Severity: SeverityError,
	Meaning: "one name is that of several bindings",
	Cure:    "give each binding a name of its own, or move one to its environment",
	Example: `-- wrangler.json --
{"vars": {"A": "1"}, "kv_namespaces": [{"binding": "A", "id": "aaaa"}]}
`,
}, {
	Rule: "unknown-environment", Severity: SeverityError,
	Meaning: "the configuration does not have the selected environment; a warning if it has none",
	Cure:    "add it, or select one that is there",
	Example: `$ --env b
-- wrangler.json --
{"env": {"a": {}}}
`,
}, {
	Rule: "unknown-field", Severity: SeverityWarning,
	Meaning: "a field has nearly the name of one that makes bindings",
	Cure:    "use the name that the finding proposes",
	Example: `-- wrangler.json --
{"var": {"A": "1"}}
`,
}, {
	Rule: RuleNotInConfig, Severity: SeverityNote,
	Meaning: "the deployed Worker has a secret that secrets.required does not name",
	Cure:    "add the name, or delete the secret if it is not needed",
}, {
	Rule: RuleUnreadFile, Severity: SeverityWarning,
	Meaning: "a file that holds names of an env is not read by wrangler; a note where that is usual",
	Cure:    "move, copy or rename the file, or use --env",
	Example: `-- wrangler.json --
{}
-- dev.vars --
TOKEN=abc
`,
}, {
	Rule: RuleReference, Severity: SeverityWarning,
	Meaning: "a value is a reference that another tool resolves, and wrangler does not",
	Cure:    "use wrangler secret put, or run wrangler with the other tool",
	Example: `-- wrangler.json --
{"vars": {"KEY": "op://vault/item/field"}}
`,
}, {
	Rule: RuleUsage, Severity: SeverityError,
	Meaning: "options exclude each other, or the command does not fit the project",
	Cure:    "follow what the finding says",
	Example: `-- wrangler.json --
{"pages_build_output_dir": "dist"}
`,
}, {
	Rule: RuleVault, Severity: SeverityError,
	Meaning: "wrangler would decrypt a .env.vault file, which is not supported",
	Cure:    "unset DOTENV_KEY, or remove the file",
	Example: `$ DOTENV_KEY=abc
-- wrangler.json --
{}
-- .env.vault --
`,
}, {
	Rule: RuleCredentials, Severity: SeverityWarning,
	Meaning: "wrangler's own credentials are bound to the Worker; a note in .dev.vars",
	Cure:    "set them in the process environment",
	Example: `-- wrangler.json --
{}
-- .env --
CLOUDFLARE_API_TOKEN=abc
`,
}}
