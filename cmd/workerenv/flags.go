package main

import (
	"strconv"

	"github.com/spf13/pflag"
)

// flags are the arguments of a command. Each command has some of them.
type flags struct {
	dir, config, script string
	configs             []string // all values of --config; config is the one that is shown
	environment         *string
	envFiles, vars      []string
	pages               bool
	bindings            []string

	json, reveal, explain bool

	secretsFile                 string
	keepVars, newWorker, strict bool
	remoteSecrets               []string

	format        string   // of the findings: text, json or github
	ignored       []string // rules whose findings are left out
	rules         bool     // show the rules
	secretsOfList string   // file with the output of wrangler secret list, "-" for standard input

	name      string // the binding that explain explains, or the secret that set and unset edit
	fromInput bool   // whether set reads standard input although it is a terminal

	watch   bool
	program []string // the command that run runs, with its arguments

	service serviceFlags

	data     dataFlags // of serve and keys
	from, to dataFlags // of copy
}

// serviceFlags are the arguments of serve.
type serviceFlags struct {
	addr, account string
	token         *string
	cert, key     string
	readOnly      bool     // the dashboard changes nothing
	projects      []string // directories whose configurations have the required secrets
	compact       bool     // histories are compacted, and deleted Workers erased
}

// dataFlags are files: a database, and the keys with which it is encrypted or "".
type dataFlags struct{ file, keyset string }

// addProject adds the flags that select the project.
func (f *flags) addProject(set *pflag.FlagSet) {
	set.StringVarP(&f.dir, "cwd", "C", "",
		"run in `DIR`, as if wrangler were run there; paths in the output are relative to it")
	set.StringArrayVarP(&f.configs, "config", "c", nil,
		"the configuration `FILE`, by default the one that wrangler finds; may be repeated, except with run")
	set.FuncP("env", "e", "the environment `NAME`; --env= selects the top level", optional(&f.environment))
	set.StringVar(&f.script, "script", "",
		"the entry point `FILE`, as an argument of wrangler; the search for the configuration starts in its directory")
}

// addVars adds addProject and the flags that bind vars and secrets.
func (f *flags) addVars(set *pflag.FlagSet) {
	f.addProject(set)
	set.StringArrayVar(&f.envFiles, "env-file", nil, "read `FILE` instead of .dev.vars and .env; may be repeated")
	set.StringArrayVar(&f.vars, "var", nil,
		"a var, `NAME:VALUE`, that replaces all others of that name; may be repeated")
}

func (f *flags) addPages(set *pflag.FlagSet) {
	toggle(set, &f.pages, "pages", "do as wrangler pages dev does, with the commit from git")
}

// addDev adds the flags that select what wrangler dev binds.
func (f *flags) addDev(set *pflag.FlagSet) {
	f.addVars(set)
	f.addPages(set)
	set.StringArrayVar(&f.bindings, "binding", nil, "with --pages, a var, `NAME=VALUE`, as --var otherwise")
}

func (f *flags) addJSON(set *pflag.FlagSet) {
	toggle(set, &f.json, "json", "print a JSON array of objects")
}

// addOutput adds the flags of the commands that show bindings.
func (f *flags) addOutput(set *pflag.FlagSet) {
	f.addJSON(set)
	toggle(set, &f.reveal, "reveal", "show the values of secrets and the attributes of resources")
	toggle(set, &f.explain, "explain", "show the unused sources of each name, with the reasons")
}

func (f *flags) addEnv(set *pflag.FlagSet) {
	f.addDev(set)
	f.addOutput(set)
}

func (f *flags) addDeploy(set *pflag.FlagSet) {
	f.addVars(set)
	set.StringVar(&f.secretsFile, "secrets-file", "", "upload the secrets in `FILE`, a JSON object or NAME=value lines")
	toggle(set, &f.keepVars, "keep-vars", "keep the vars of the deployed Worker")
	toggle(set, &f.newWorker, "new-worker", "there is no deployed Worker yet")
	set.StringArrayVar(&f.remoteSecrets, "remote-secret", nil,
		"a secret `NAME` of the deployed Worker; may be repeated")
	toggle(set, &f.strict, "strict", "make it an error, not a warning, to replace such a secret")
	f.addOutput(set)
}

func (f *flags) addRun(set *pflag.FlagSet) {
	f.addDev(set)
	toggle(set, &f.watch, "watch", "start COMMAND again each time that its env changes, until interrupted")
}

func (f *flags) addCheck(set *pflag.FlagSet) {
	f.addDev(set)
	f.addJSON(set)
	set.StringVar(&f.format, "format", "text", "`FORMAT` is text, json, or github for annotations of GitHub Actions")
	set.StringArrayVar(&f.ignored, "ignore", nil, "leave out the findings of `RULE`; may be repeated")
	toggle(set, &f.rules, "rules", "show all rules, with their meanings and cures")
	set.StringVar(&f.secretsOfList, "remote-secrets", "",
		"compare with the names of the secrets of the deployed Worker; `FILE`, or - for standard input, has the output of "+
			"wrangler secret list --format json")
}

func (f *flags) addEdit(set *pflag.FlagSet) {
	f.addProject(set)
	f.addPages(set)
}

func (f *flags) addServe(set *pflag.FlagSet) {
	s := &f.service
	set.StringVar(&s.addr, "addr", "127.0.0.1:0",
		"the address `HOST:PORT`; port 0 is a free one; non-loopback addresses require a token and TLS")
	set.FuncP("token", "", "the API `TOKEN`; by default WORKERENV_TOKEN, which other users of this machine "+
		"cannot see, or else a random one", optional(&s.token))
	set.StringVar(&s.account, "account", "", "serve the account `ID` only; by default all account IDs are valid")
	set.StringVar(&s.cert, "tls-cert", "", "serve HTTPS with the certificate chain in `FILE`, in PEM")
	set.StringVar(&s.key, "tls-key", "", "the private key of the certificate, in `FILE`, in PEM")
	toggle(set, &s.readOnly, "read-only", "refuse changes through the dashboard, but not through the API")
	set.StringArrayVar(&s.projects, "project", nil, "do not deploy a version through the dashboard that lacks a name "+
		"in secrets.required of the project in `DIR`; may be repeated")
	set.StringVar(&f.data.file, "data", "", "keep everything in `FILE`, an SQLite database, which is created if it "+
		"does not exist; by default everything is in memory and is lost")
	set.StringVar(&f.data.keyset, "keyset", "", "encrypt the database with the keys in `FILE`, which is created "+
		"with a new database. No other user may read it. Keep a copy: without the keys the data is lost")
	toggle(set, &s.compact, "compact", "remove old data for good: versions older than the newest 100, with "+
		"their values and IDs; deployments in the same way; and everything of a deleted Worker but its name. What is "+
		"deployed, the target of a rollback and the contents of modules stay")
}

func (f *flags) addCopy(set *pflag.FlagSet) {
	set.StringVar(&f.from.file, "from", "", "`FILE` is a database of serve")
	set.StringVar(&f.from.keyset, "from-keyset", "", "`FILE` has the keys with which it is encrypted")
	set.StringVar(&f.to.file, "to", "", "`FILE` is the new database")
	set.StringVar(&f.to.keyset, "to-keyset", "",
		"encrypt the new database with the keys in `FILE`, which is created if it does not exist")
}

func (f *flags) addRotate(set *pflag.FlagSet) {
	set.StringVar(&f.data.keyset, "keyset", "", "`FILE` is a JSON keyset of Tink to which only its owner has access")
}

func (f *flags) addRewrap(set *pflag.FlagSet) {
	set.StringVar(&f.data.file, "data", "", "`FILE` is a database of serve")
	set.StringVar(&f.data.keyset, "keyset", "", "`FILE` has the keys with which it is encrypted")
}

// optional returns a function that takes the value of a flag, which may be empty.
func optional(into **string) func(string) error {
	return func(value string) error { *into = &value; return nil }
}

// toggle adds a flag without a value. The help of pflag's own shows that it takes true and false.
func toggle(set *pflag.FlagSet, into *bool, name, usage string) {
	set.BoolFunc(name, usage, func(value string) (err error) {
		*into, err = strconv.ParseBool(value)
		return err
	})
}
