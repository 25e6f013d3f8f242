package wrangler

import (
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
)

// Options say where a project is and how wrangler would be called. The zero value is the project in
// the working directory, with an empty process environment.
type Options struct {
	// Dir is the directory in which wrangler would be run. The configuration is searched for there
	// and in the directories above. A relative path starts at the working directory, or at the root
	// of FS; "" is that directory itself. Symbolic links are followed first, since wrangler knows
	// the directory by its real path. A Dir that does not exist or is not a directory is an error
	// that satisfies errors.Is(err, fs.ErrNotExist).
	Dir string

	// FS holds the files. Nil means those of the operating system. Nothing above the root of FS is
	// read.
	FS fs.FS

	// Config is --config: the configuration file to use, relative to Dir. "" searches for one.
	Config string

	// Script is the entry point given on the command line, relative to Dir. The search for a
	// configuration starts in its directory. As in wrangler 4.164.0 a relative directory counts
	// twice: app/x.js finds what is in app or in app/app, and ../x.js finds what is two directories
	// up. "" means none.
	Script string

	// Environment is --env. Nil means that the flag is absent; then the variable CLOUDFLARE_ENV
	// names the environment. The empty string is the top level, even if CLOUDFLARE_ENV is set.
	//
	// As in wrangler 4.164.0 only the flag selects .dev.vars.NAME and .env.NAME, the variable does
	// not.
	Environment *string

	// EnvFiles are the values of --env-file, in order. Nil means that the flag is absent.
	EnvFiles []string

	// Environ is the process environment as NAME=value, in the form of os.Environ. Nil means that
	// it is empty: the environment of the calling process is never read.
	Environ []string

	// Programmatic makes Load and Dev do what wrangler's functions unstable_readConfig and
	// unstable_getVarsForDev do. Unlike the command line they do not read .env files into the
	// process environment, and do not follow a .wrangler/deploy/config.json.
	Programmatic bool

	// Pages reads the project as `wrangler pages dev` does. Environment, Config and Script must not
	// be set then, and the variables in EnvFiles do not become bindings.
	Pages bool

	// Lint returns further findings about a .dev.vars or .env file. It is called for each local
	// file that wrangler reads. Nil means that there are none besides those of
	// [devvars.File.Findings]. In a .env file, findings about a value with a $ are left out, since
	// wrangler expands those values.
	Lint func(*devvars.File) iter.Seq[devvars.Finding]

	// followRedirect follows a .wrangler/deploy/config.json although Programmatic is set. Only
	// tests set it.
	followRedirect bool

	// silent are the files that did not answer in time, for [CheckWith], which loads a project
	// several times. Nil means that none are known.
	silent *sync.Map
}

// clone returns options that share no memory with o. They lack Environ, which Load reads at once.
func (o Options) clone() Options {
	if o.Environment != nil {
		o.Environment = new(*o.Environment)
	}
	o.EnvFiles, o.Environ = slices.Clone(o.EnvFiles), nil
	return o
}

// DevOptions are the arguments of `wrangler dev` that make bindings. The zero value is a call
// without any.
type DevOptions struct {
	// Vars are the values of --var, as NAME:value. They become plain text and replace every other
	// binding of the name. A NAME without a colon has the value "".
	Vars []string

	// PagesBindings are the values of --binding of `wrangler pages dev`, as NAME=value. They only
	// count for a Pages project, and there they replace every other binding of the name.
	PagesBindings []string

	// Branch, CommitSHA and ShortSHA are the values of CF_PAGES_BRANCH and CF_PAGES_COMMIT_SHA and
	// part of CF_PAGES_URL in a Pages project. Wrangler gets them from git rev-parse --abbrev-ref
	// HEAD, HEAD and --short HEAD. "" is what it uses outside of a repository: "local", 40 zeros,
	// and the first 8 characters of CommitSHA.
	Branch, CommitSHA, ShortSHA string
}

// DeployOptions are the arguments of `wrangler deploy` that make bindings, and what is known about
// the deployed Worker. The zero value is a call without arguments for a Worker that exists.
type DeployOptions struct {
	// Vars are the values of --var, as NAME:value. They replace any binding of that name.
	Vars []string

	// SecretsFile is --secrets-file, relative to Options.Dir: a JSON object of strings, or a .env
	// file. "" means none. Its secrets replace any binding of that name.
	SecretsFile string

	// Secrets are secrets to upload with the Worker that are not in a file. They replace any
	// binding of that name, also those of SecretsFile. [binding.EnvOf] makes an Env of a map.
	Secrets binding.Env

	// KeepVars is --keep-vars. The field keep_vars of the configuration does the same.
	KeepVars bool

	// NewWorker says that the Worker does not exist yet, so that it cannot inherit a required
	// secret.
	NewWorker bool

	// RemoteSecrets are the names of the secrets that the Worker has now, nil if they are not
	// known. A binding of the configuration that would replace one is a finding: a warning, or an
	// error if Strict is set, which is --strict. A required secret that is neither among them nor
	// in the upload is a warning: Cloudflare's API refuses to inherit it.
	RemoteSecrets []string
	Strict        bool
}

// String returns the options without values: names of variables only.
func (o Options) String() string {
	environment := "nil"
	if o.Environment != nil {
		environment = strconv.Quote(*o.Environment)
	}
	return fmt.Sprintf("wrangler.Options{Dir: %q, Config: %q, Script: %q, Environment: %s, EnvFiles: %q, Environ: %q, "+
		"Programmatic: %t, Pages: %t}",
		o.Dir, o.Config, o.Script, environment, o.EnvFiles, names(o.Environ, "="), o.Programmatic, o.Pages)
}

// Format writes what String returns, for every verb and flag.
func (o Options) Format(f fmt.State, _ rune) { io.WriteString(f, o.String()) }

// LogValue returns what String returns.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// String returns the options without values: names of vars only.
func (o DevOptions) String() string {
	return fmt.Sprintf("wrangler.DevOptions{Vars: %q, PagesBindings: %q}", names(o.Vars, ":"), names(o.PagesBindings, "="))
}

// Format writes what String returns, for every verb and flag.
func (o DevOptions) Format(f fmt.State, _ rune) { io.WriteString(f, o.String()) }

// LogValue returns what String returns.
func (o DevOptions) LogValue() slog.Value { return slog.StringValue(o.String()) }

// String returns the options without values: names of vars and secrets only.
func (o DeployOptions) String() string {
	return fmt.Sprintf("wrangler.DeployOptions{Vars: %q, SecretsFile: %q, Secrets: %q, KeepVars: %t, NewWorker: %t, "+
		"RemoteSecrets: %q, Strict: %t}",
		names(o.Vars, ":"), o.SecretsFile, o.Secrets.Names(), o.KeepVars, o.NewWorker, o.RemoteSecrets, o.Strict)
}

// Format writes what String returns, for every verb and flag.
func (o DeployOptions) Format(f fmt.State, _ rune) { io.WriteString(f, o.String()) }

// LogValue returns what String returns.
func (o DeployOptions) LogValue() slog.Value { return slog.StringValue(o.String()) }

// names returns the names in a list of NAME<separator>value.
func names(list []string, separator string) []string {
	var names []string
	for _, s := range list {
		name, _, _ := strings.Cut(s, separator)
		names = append(names, name)
	}
	return names
}
