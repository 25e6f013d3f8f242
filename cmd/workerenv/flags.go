package main

import (
	"errors"
	"flag"
	"io"
)

// flags are the arguments of all commands.
type flags struct {
	dir, config, script string
	environment         *string
	envFiles, vars      []string
	pages               bool
	bindings            []string

	json, reveal, explain bool

	secretsFile                 string
	keepVars, newWorker, strict bool
	remoteSecrets               []string

	program []string // what run runs, with its arguments

	service serviceFlags

	repeated string // a flag that takes one value and was given two
}

// serviceFlags are the arguments of serve.
type serviceFlags struct {
	addr, account string
	token         *string
	cert, key     string
}

// errHelp says that help was asked for.
var errHelp = flag.ErrHelp

// parseFlags reads the flags of the command verb.
func parseFlags(verb string, args []string) (*flags, error) {
	f := &flags{dir: "."}
	set := f.set(verb)
	if err := set.Parse(args); err != nil {
		return nil, err
	}
	if verb == "run" {
		f.program = set.Args()
	} else if set.NArg() > 0 {
		// It could be a part of a value that should have been in quotes, so it is not shown.
		return nil, errors.New("there is an argument that belongs to no flag; put a value with spaces in quotes, and repeat a flag for each of its values")
	}
	return f, f.misused()
}

// misused tells of flags that do not go together, as wrangler does.
func (f *flags) misused() error {
	switch {
	case f.repeated != "":
		return errors.New("--" + f.repeated + " takes one value and was given two")
	case f.pages && f.vars != nil:
		return errors.New("wrangler pages dev has no --var; use --binding NAME=VALUE")
	case !f.pages && f.bindings != nil:
		return errors.New("--binding goes with --pages only; use --var NAME:VALUE")
	case (f.service.cert == "") != (f.service.key == ""):
		return errors.New("--tls-cert and --tls-key go together")
	}
	return nil
}

// set returns the flags that the command verb has.
func (f *flags) set(verb string) *flag.FlagSet {
	set := flag.NewFlagSet(verb, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	if verb == "serve" {
		f.addService(set)
		return set
	}
	f.addProject(set)
	if verb == "deploy-bindings" {
		f.addDeploy(set)
	} else {
		set.BoolVar(&f.pages, "pages", false, "")
		list(set, &f.bindings, "binding")
	}
	if verb != "run" {
		set.BoolVar(&f.json, "json", false, "")
	}
	if verb == "env" || verb == "deploy-bindings" {
		set.BoolVar(&f.reveal, "reveal", false, "")
		set.BoolVar(&f.explain, "explain", false, "")
	}
	return set
}

// addProject adds the flags that say which project is meant.
func (f *flags) addProject(set *flag.FlagSet) {
	f.single(set, &f.dir, "C")
	f.single(set, &f.config, "config", "c")
	f.single(set, &f.script, "script")
	f.once(set, func(s string) { f.environment = &s }, "env", "e")
	list(set, &f.envFiles, "env-file")
	list(set, &f.vars, "var")
}

func (f *flags) addDeploy(set *flag.FlagSet) {
	f.single(set, &f.secretsFile, "secrets-file")
	set.BoolVar(&f.keepVars, "keep-vars", false, "")
	set.BoolVar(&f.newWorker, "new-worker", false, "")
	list(set, &f.remoteSecrets, "remote-secret")
	set.BoolVar(&f.strict, "strict", false, "")
}

// addService adds the flags of serve.
func (f *flags) addService(set *flag.FlagSet) {
	f.service.addr = "127.0.0.1:0"
	f.single(set, &f.service.addr, "addr")
	f.single(set, &f.service.account, "account")
	f.once(set, func(s string) { f.service.token = &s }, "token")
	f.single(set, &f.service.cert, "tls-cert")
	f.single(set, &f.service.key, "tls-key")
}

// single adds a flag, under several names, that takes one value.
func (f *flags) single(set *flag.FlagSet, into *string, names ...string) {
	f.once(set, func(s string) { *into = s }, names...)
}

// once adds a flag, under several names, that may be given once.
func (f *flags) once(set *flag.FlagSet, take func(string), names ...string) {
	given := false
	for _, name := range names {
		set.Func(name, "", func(s string) error {
			if given {
				f.repeated = names[0]
			}
			given = true
			take(s)
			return nil
		})
	}
}

// list adds a flag that may be repeated.
func list(set *flag.FlagSet, into *[]string, name string) {
	set.Func(name, "", func(s string) error {
		*into = append(*into, s)
		return nil
	})
}
