package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/devvars"
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

	format        string   // of the findings: "", text, json or github
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

	repeated string // the name of a flag that takes one value and has two
	unnamed  string // the name of a flag that takes a file and has ""
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

// parseFlags parses the flags of the command verb. The error is flag.ErrHelp if args ask for help.
func parseFlags(verb string, args []string) (*flags, error) {
	f := &flags{dir: "."}
	set := f.set(verb)
	words, err := parseWords(set, args, edits(verb) || verb == "explain")
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, flagError(set, args, err)
	}
	switch {
	case edits(verb):
		if err := f.takeName(verb, words); err != nil {
			return nil, err
		}
	case verb == "explain":
		if len(words) != 1 {
			return nil, errors.New("explain needs the name of one binding")
		}
		f.name = words[0]
	case verb == "run":
		f.program = words
	case len(words) > 0:
		return nil, fmt.Errorf("argument %d belongs to no flag; put a value with spaces in quotes, "+
			"and repeat a flag for each of its values", len(args)-set.NArg()+1)
	}
	if len(f.configs) > 0 {
		f.config = f.configs[0]
	}
	return f, f.misused(verb)
}

// edits reports whether a command edits the file of secrets.
func edits(verb string) bool { return verb == "set" || verb == "unset" }

// parseWords parses args and returns the arguments that are not flags: with mixed also those before
// flags, or else the rest that starts with the first one.
func parseWords(set *flag.FlagSet, args []string, mixed bool) ([]string, error) {
	err := set.Parse(args)
	if !mixed {
		return set.Args(), err
	}
	var words []string
	for err == nil && set.NArg() > 0 {
		words = append(words, set.Arg(0))
		err = set.Parse(set.Args()[1:])
	}
	return words, err
}

// takeName takes the arguments of set and unset that are not flags. They can be a part of a secret,
// so the error shows none.
func (f *flags) takeName(verb string, words []string) error {
	if f.fromInput = verb == "set" && len(words) == 2 && words[1] == "-"; f.fromInput {
		words = words[:1]
	}
	named := len(words) == 1 && words[0] != "-"
	switch {
	case !named && verb == "set":
		return errors.New("set needs the name of a secret; the value is read from standard input, never from an argument")
	case !named:
		return errors.New("unset needs the name of a secret")
	}
	f.name = words[0]
	if err := new(devvars.File).Set(f.name, ""); err != nil {
		return fmt.Errorf("%w; a value is read from standard input, never from an argument", err)
	}
	return nil
}

// flagError replaces an error of package flag, which quotes the argument. An argument that is not a
// flag can be a part of a secret, so only the names of flags are shown.
func flagError(set *flag.FlagSet, args []string, err error) error {
	position := len(args) - set.NArg() // from 1, since set has consumed the argument
	name, _, hasValue := strings.Cut(strings.TrimLeft(args[max(position, 1)-1], "-"), "=")
	if strings.HasPrefix(err.Error(), "bad flag syntax") { // set has not consumed it
		position, name = position+1, ""
	}
	switch known := set.Lookup(name) != nil; {
	case known && hasValue:
		return fmt.Errorf("%s takes no value", dashed(name))
	case known:
		return fmt.Errorf("%s needs a value", dashed(name))
	case isFlag(name):
		return fmt.Errorf("this command has no flag %s", dashed(name))
	}
	return fmt.Errorf("argument %d is not a flag; a value that starts with a dash is written as in --var=-VALUE", position)
}

// isFlag reports whether a command has a flag of that name.
func isFlag(name string) bool {
	for verb := range helps {
		if new(flags).set(verb).Lookup(name) != nil {
			return true
		}
	}
	return false
}

// dashed returns the name of a flag as help shows it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// misused returns an error for flags that do not go together. Wrangler refuses the same
// combinations.
func (f *flags) misused(verb string) error {
	switch {
	case len(f.configs) > 1 && (verb == "run" || f.pages):
		return errors.New("--config takes one value and has two")
	case !slices.Contains([]string{"", "text", "json", "github"}, f.format):
		return errors.New("--format must be text, json or github")
	case f.repeated != "":
		return errors.New("--" + f.repeated + " takes one value and has two")
	case f.unnamed != "":
		return errors.New("--" + f.unnamed + " needs the name of a file, and has an empty one")
	case f.pages && f.vars != nil:
		return errors.New("wrangler pages dev has no --var; use --binding NAME=VALUE")
	case !f.pages && f.bindings != nil:
		return errors.New("--binding needs --pages; without it use --var NAME:VALUE")
	case (f.service.cert == "") != (f.service.key == ""):
		return errors.New("--tls-cert and --tls-key must be used together")
	case verb == "serve" && f.data.file == "" && f.data.keyset != "":
		return errors.New("--keyset needs --data, the file that is encrypted")
	case verb == "copy" && (f.from.file == "" || f.to.file == ""):
		return errors.New("copy needs --from FILE and --to FILE")
	case verb == "keys rotate" && f.data.keyset == "":
		return errors.New("keys rotate needs --keyset FILE")
	case verb == "keys rewrap" && (f.data.file == "" || f.data.keyset == ""):
		return errors.New("keys rewrap needs --data FILE and --keyset FILE")
	}
	return nil
}

// set returns the flags of the command verb.
func (f *flags) set(verb string) *flag.FlagSet {
	set := flag.NewFlagSet(verb, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	switch verb {
	case "serve":
		f.addService(set)
		f.addData(set, &f.data, "data", "keyset")
		return set
	case "copy":
		f.addData(set, &f.from, "from", "from-keyset")
		f.addData(set, &f.to, "to", "to-keyset")
		return set
	case "keys rotate":
		f.file(set, &f.data.keyset, "keyset")
		return set
	case "keys rewrap":
		f.addData(set, &f.data, "data", "keyset")
		return set
	}
	f.addProject(set)
	if edits(verb) {
		set.BoolVar(&f.pages, "pages", false, "")
		return set
	}
	list(set, &f.envFiles, "env-file")
	list(set, &f.vars, "var")
	if verb == "deploy-bindings" {
		f.addDeploy(set)
	} else {
		set.BoolVar(&f.pages, "pages", false, "")
		list(set, &f.bindings, "binding")
	}
	if verb == "run" {
		set.BoolVar(&f.watch, "watch", false, "")
	} else {
		set.BoolVar(&f.json, "json", false, "")
	}
	if verb == "check" {
		f.single(set, &f.format, "format")
		list(set, &f.ignored, "ignore")
		set.BoolVar(&f.rules, "rules", false, "")
		f.single(set, &f.secretsOfList, "remote-secrets")
	}
	if verb == "env" || verb == "deploy-bindings" || verb == "explain" {
		set.BoolVar(&f.reveal, "reveal", false, "")
		set.BoolVar(&f.explain, "explain", false, "")
	}
	return set
}

// addProject adds the flags that select the project.
func (f *flags) addProject(set *flag.FlagSet) {
	f.single(set, &f.dir, "C")
	list(set, &f.configs, "config")
	list(set, &f.configs, "c")
	f.single(set, &f.script, "script")
	f.once(set, func(s string) { f.environment = &s }, "env", "e")
}

// addDeploy adds the flags of an upload.
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
	f.file(set, &f.service.cert, "tls-cert")
	f.file(set, &f.service.key, "tls-key")
	set.BoolVar(&f.service.readOnly, "read-only", false, "")
	list(set, &f.service.projects, "project")
	set.BoolVar(&f.service.compact, "compact", false, "")
}

// addData adds the flags of a database and its keys.
func (f *flags) addData(set *flag.FlagSet, into *dataFlags, file, keyset string) {
	f.file(set, &into.file, file)
	f.file(set, &into.keyset, keyset)
}

// file adds a flag that takes a file. It refuses "", which a shell makes of a variable that is not
// set: without a keyset, secrets would not be encrypted.
func (f *flags) file(set *flag.FlagSet, into *string, name string) {
	f.once(set, func(s string) {
		if *into = s; s == "" {
			f.unnamed = name
		}
	}, name)
}

// single adds a flag, under several names, that takes one value.
func (f *flags) single(set *flag.FlagSet, into *string, names ...string) {
	f.once(set, func(s string) { *into = s }, names...)
}

// once adds a flag, under several names, that may be used once.
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
