package main

// change is what changed between two wranglers.
type change struct {
	what     string
	projects string // patterns of the projects that show it
}

// changes are the reasons for all differences. Of two that have a project, the first counts.
var changes = []change{
	{"With `secrets`, names of vars in local files and in the process environment replace the vars, as without it. " +
		"Before, all names that are not in `secrets.required` were ignored.",
		"secrets-empty-object secrets-required-filters secrets-required-process-env"},
	{"The library takes names such as `toString` in local files for names of vars, if there is `secrets.required`; " +
		"`wrangler dev` does not.", "secrets-required-proto-names"},
	{"`secrets.required` in the configuration selects the secrets in local files and in the process environment, and " +
		"must be an array of names. Before, `secrets` was ignored.", "secrets-*"},
	{"`legacy_env` is an error, since service environments have been removed. Before, it was accepted.",
		"env-legacy-env-*"},
	{"`vars` that are not an object are an error. Before, a string became vars named `0`, `1`, `2`, ..., and a number and " +
		"null became no vars.", "env-vars-top-null vars-not-object-*"},
	{"A date in TOML as a var is an error. Before, the library returned a string, and `wrangler dev` failed later.",
		"toml-date-variants toml-dates-top-level-var"},
	{"All dates and times of TOML are read inside of arrays and tables. Before, some of them were syntax errors.",
		"toml-date-nested"},
	{"A line break in a TOML string over several lines stays CRLF in a file with CRLF. Before, it became LF.",
		"toml-crlf"},
	{"`CLOUDFLARE_ENV`, in the process environment or in a `.env` file, selects the environment. " +
		"Before, only `--env` did.",
		"env-CLOUDFLARE_ENV env-CLOUDFLARE_ENV-dot-env"},
	{"With `--env-file`, no `.dev.vars` is read. Before, a `.dev.vars` was read if it existed, and `--env-file` had no " +
		"effect.",
		"envfile-missing envfile-one"},
	{"`--env-file` selects files of vars. Before, there was no such flag for vars.", "envfile-[irtw]*"},
	{"`.env` files are read if there is no `.dev.vars`, and with `CLOUDFLARE_INCLUDE_PROCESS_ENV` the process " +
		"environment. " +
		"Before, neither had an effect on vars.",
		"dotenv-* include-process-env* devvars-env-file-ignored-without-env envfile-empty-list env-empty-string-dot-env " +
			"env-CLOUDFLARE_ENV-in-dot-env-file"},
	{"An empty `--env=` selects the top level. Before, it was an error.", "env-empty-string"},
	{"A `.dev.vars` that is a folder is an error. Before, it was ignored.", "devvars-is-directory"},
	{"`wrangler dev` drops secrets that are named like members of every JavaScript object, such as `constructor`. " +
		"Before, they were bound.", "devvars-proto-key"},
	{"Numbers beyond the range of a JavaScript number, such as `1e400`, are an error in `wrangler dev`. " +
		"Before, they were accepted.", "json-numbers"},
}

// intro has ' in place of back quotes.
const intro = `# Compatibility with other wranglers

This library follows wrangler %[1]s. This page says where other wranglers differ: the last wrangler 3, and the last
one of every second month since 4.40. A program has written it, on linux/amd64 with node 22.23.3:

    go run ./internal/tools/compat -packages DIR >docs/compatibility.md

It resolves the %[2]d projects in 'wrangler/testdata/fixtures' with the library of each wrangler ('unstable_readConfig'
and then 'unstable_getVarsForDev'), and compares names and values with the recorded ones. A project that is refused
differs from one that is not; messages are not compared. It runs 'wrangler dev' for the projects for which the library
differs, and for all projects if the wrangler has no such library. Most of the projects are corner cases: since 4.59.2,
no usual project differs unless it has 'secrets.required' or 'legacy_env'.

| wrangler | last of | library differs | 'wrangler dev' differs |
|---|---|---|---|
`

const changesIntro = `## What changed

The first wrangler in a row is the first of those above that has the new behaviour, and the second one is the last that
has the old behaviour. The number is that of the projects that differ.

| since | not in | what | projects |
|---|---|---|---|
`
