package main

import (
	"flag"
	"fmt"
	"io"
)

// flags are the flags of all commands.
type flags struct {
	dir, config, script          string
	environment                  *string
	envFiles, vars, bindings     []string
	pages, json, reveal, explain bool
	secretsFile                  string
	keepVars, newWorker, strict  bool
	remoteSecrets                []string
	command                      []string
}

// parseFlags reads the flags of the command verb. Faults and help go to stderr.
func parseFlags(verb string, args []string, stderr io.Writer) (*flags, error) {
	f := &flags{dir: "."}
	set := flag.NewFlagSet("workerenv "+verb, flag.ContinueOnError)
	set.SetOutput(stderr)
	f.addProject(set)
	switch verb {
	case "deploy-bindings":
		f.addOutput(set)
		f.addDeploy(set)
	case "env":
		f.addOutput(set)
	case "check":
		set.BoolVar(&f.json, "json", false, "print a JSON array")
	}
	if err := set.Parse(args); err != nil {
		return nil, err
	}
	f.command = set.Args()
	if verb != "run" && len(f.command) > 0 {
		err := fmt.Errorf("%s: unexpected argument %q", set.Name(), f.command[0])
		fmt.Fprintln(stderr, err)
		return nil, err
	}
	return f, nil
}

// addProject adds the flags that say which project is meant, named as wrangler names them.
func (f *flags) addProject(set *flag.FlagSet) {
	set.StringVar(&f.dir, "C", ".", "`directory` that wrangler would be run in")
	for _, name := range []string{"env", "e"} {
		set.Func(name, "`environment` to use; the empty one is the top level", func(s string) error {
			f.environment = &s
			return nil
		})
	}
	for _, name := range []string{"config", "c"} {
		set.StringVar(&f.config, name, "", "`path` of the configuration, instead of looking for one")
	}
	set.StringVar(&f.script, "script", "", "`path` of the entry point, if wrangler is given one")
	list(set, &f.envFiles, "env-file", "`file` to read instead of .dev.vars and .env; may be repeated")
	list(set, &f.vars, "var", "`NAME:value` that beats everything else; may be repeated")
	set.BoolVar(&f.pages, "pages", false, "resolve as wrangler pages dev does")
	list(set, &f.bindings, "binding", "`NAME=value` of wrangler pages dev; may be repeated")
}

func (f *flags) addOutput(set *flag.FlagSet) {
	set.BoolVar(&f.json, "json", false, "print a JSON array")
	set.BoolVar(&f.reveal, "reveal", false, "show the values of secrets")
	set.BoolVar(&f.explain, "explain", false, "show every source of each name, also those that are not used")
}

func (f *flags) addDeploy(set *flag.FlagSet) {
	set.StringVar(&f.secretsFile, "secrets-file", "", "`file` of secrets to upload, JSON or NAME=value lines")
	set.BoolVar(&f.keepVars, "keep-vars", false, "keep the vars of the deployed version")
	set.BoolVar(&f.newWorker, "new-worker", false, "the Worker does not exist yet")
	list(set, &f.remoteSecrets, "remote-secret", "`NAME` of a secret that the deployed Worker has; may be repeated")
	set.BoolVar(&f.strict, "strict", false, "refuse to replace a secret of the deployed Worker")
}

// list adds a flag that may be repeated.
func list(set *flag.FlagSet, into *[]string, name, usage string) {
	set.Func(name, usage, func(s string) error {
		*into = append(*into, s)
		return nil
	})
}
