package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/workerenv/workerenv/devvars"
)

// parse parses the arguments of v. The error is pflag.ErrHelp if they ask for help. It contains no argument, which can
// be a part of a secret, but only names of flags.
func (v verb) parse(args []string) (*flags, error) {
	f := new(flags)
	set := v.flagSet(f)
	var short []string // what -e, -c and -C would be with the value in the same argument
	err := set.ParseAll(args, func(flag *pflag.Flag, value string) error {
		switch {
		case flag.Changed && flag.Value.Type() != "stringArray":
			return fmt.Errorf("--%s is used twice", flag.Name)
		case value == "" && slices.Contains(dataFiles, flag.Name): // what a shell makes of a variable that is not set
			return fmt.Errorf("--%s needs the name of a file, and has an empty one", flag.Name)
		case value != "" && flag.Shorthand != "":
			short = append(short, "-"+flag.Shorthand+value)
		}
		return set.Set(flag.Name, value)
	})
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, withoutValues(set, err, args)
	}
	ours := args
	if v.name == "run" {
		ours = args[:len(args)-set.NArg()]
	}
	for _, arg := range short {
		if slices.Contains(ours, arg) { // a secret that starts with -e, or -env instead of --env
			return nil, notFlag(set, args, arg)
		}
	}
	if len(f.configs) > 0 {
		f.config = f.configs[0]
	}
	if err := f.take(v.name, set.Args(), len(args)); err != nil {
		return nil, err
	}
	return f, f.misused(v.name)
}

// dataFiles are the flags that must not have an empty value. Without a keyset, secrets would not be encrypted.
var dataFiles = []string{"tls-cert", "tls-key", "data", "keyset", "from", "from-keyset", "to", "to-keyset"}

// flagSet returns the flags of v.
func (v verb) flagSet(f *flags) *pflag.FlagSet {
	set := pflag.NewFlagSet(v.name, pflag.ContinueOnError)
	set.SortFlags = false
	set.Usage = func() {}
	set.SetInterspersed(v.name == "explain" || v.name == "set" || v.name == "unset")
	v.flags(f, set)
	return set
}

// withoutValues replaces an error of package pflag, which quotes arguments.
func withoutValues(set *pflag.FlagSet, err error, args []string) error {
	switch err := err.(type) {
	case *pflag.ValueRequiredError:
		return fmt.Errorf("--%s needs a value", err.GetFlag().Name)
	case *pflag.InvalidValueError: // only of a flag that is true or false
		return fmt.Errorf("--%s takes no value", err.GetFlag().Name)
	case *pflag.InvalidSyntaxError:
		return notFlag(set, args, err.GetSpecifiedFlag())
	case *pflag.NotExistError:
		if name := err.GetSpecifiedName(); isFlag(name) {
			return fmt.Errorf("this command has no flag --%s", name)
		}
		if short := err.GetSpecifiedShortnames(); short != "" {
			return notFlag(set, args, "-"+short)
		}
		return notFlag(set, args, "--"+err.GetSpecifiedName())
	}
	return err
}

// notFlag returns an error for the first of args that is wrong, with or without a value after "=".
func notFlag(set *pflag.FlagSet, args []string, wrong string) error {
	i := slices.IndexFunc(args, func(arg string) bool { return arg == wrong || strings.HasPrefix(arg, wrong+"=") })
	name, _, _ := strings.Cut(strings.TrimLeft(wrong, "-"), "=")
	if set.Lookup(name) != nil {
		return fmt.Errorf("argument %d is not a flag; use --%s", i+1, name)
	}
	return fmt.Errorf("argument %d is not a flag; long names have two dashes, and a value that starts with a dash is "+
		"written as in --var=-VALUE", i+1)
}

// isFlag reports whether a command has a flag of that name.
func isFlag(name string) bool {
	return slices.ContainsFunc(verbs, func(v verb) bool { return v.flagSet(new(flags)).Lookup(name) != nil })
}

// notAnArgument is the end of errors about the arguments of set and unset.
const notAnArgument = "; a value is read from standard input, never from an argument"

// take takes the arguments that are not flags. n is the number of all arguments.
func (f *flags) take(verb string, words []string, n int) error {
	switch verb {
	case "run":
		if len(words) == 0 {
			return errors.New("a command to run is missing; put it after --")
		}
		f.program = words
	case "explain":
		if len(words) != 1 {
			return errors.New("the name of one binding is needed")
		}
		f.name = words[0]
	case "set", "unset":
		if f.fromInput = verb == "set" && len(words) == 2 && words[1] == "-"; f.fromInput {
			words = words[:1]
		}
		if len(words) != 1 || words[0] == "-" {
			return errors.New("the name of one secret is needed" + notAnArgument)
		}
		f.name = words[0]
		if err := new(devvars.File).Set(f.name, ""); err != nil {
			return fmt.Errorf("%w"+notAnArgument, err)
		}
	default:
		if len(words) > 0 {
			return fmt.Errorf("argument %d belongs to no flag; put a value with spaces in quotes, and repeat a flag for "+
				"each of its values", n-len(words)+1)
		}
	}
	return nil
}

// misused returns an error for flags that do not go together. Wrangler refuses the same combinations.
func (f *flags) misused(verb string) error {
	switch {
	case len(f.configs) > 1 && (verb == "run" || f.pages):
		return errors.New("--config is used twice")
	case !slices.Contains([]string{"", "text", "json", "github"}, f.format):
		return errors.New("--format must be text, json or github")
	case slices.ContainsFunc(f.ignored, isNoRule):
		return errors.New("--ignore needs the name of a rule; workerenv check --rules shows all of them")
	case f.pages && f.vars != nil:
		return errors.New("wrangler pages dev has no --var; use --binding NAME=VALUE")
	case !f.pages && f.bindings != nil:
		return errors.New("--binding needs --pages; without it use --var NAME:VALUE")
	case (f.service.cert == "") != (f.service.key == ""):
		return errors.New("--tls-cert and --tls-key must be used together")
	case verb == "serve" && f.data.file == "" && f.data.keyset != "":
		return errors.New("--keyset needs --data, the file that is encrypted")
	case verb == "copy" && (f.from.file == "" || f.to.file == ""):
		return errors.New("--from FILE and --to FILE are needed")
	case verb == "keys rotate" && f.data.keyset == "":
		return errors.New("--keyset FILE is needed")
	case verb == "keys rewrap" && (f.data.file == "" || f.data.keyset == ""):
		return errors.New("--data FILE and --keyset FILE are needed")
	}
	return nil
}
