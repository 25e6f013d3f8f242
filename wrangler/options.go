package wrangler

import (
	"io/fs"
	"iter"
	"slices"

	"github.com/workerenv/workerenv/devvars"
)

// Options say where a project is and how wrangler would be called. Only Dir must be set.
type Options struct {
	// Dir is the directory that wrangler would be run in. The configuration is looked for there and in the directories
	// above. With FS nil it must be an absolute path of the operating system; with FS it is a path in it, and ""
	// is its root. Symbolic links in it are followed first: wrangler knows it by its real path.
	Dir string

	// FS holds the files. Nil means those of the operating system. The root of an FS is the root of everything: nothing
	// above it is looked at.
	FS fs.FS

	// Config is --config: the configuration file to use, relative to Dir. "" looks for one.
	Config string

	// Script is the entry point that was given on the command line, relative to Dir. The search for a configuration starts
	// in its directory, which counts twice if it is relative, as in wrangler 4.164.0: app/x.js finds what is in app, or in
	// app/app before that, but ../x.js what is two directories up. "" means none.
	Script string

	// Environment is --env. Nil means that the flag is absent; then the variable CLOUDFLARE_ENV names the environment. The
	// empty string is the top level, also against CLOUDFLARE_ENV.
	//
	// As in wrangler 4.164.0 only the flag, not the variable, selects .dev.vars.NAME and .env.NAME.
	Environment *string

	// EnvFiles are the values of --env-file, in order. Nil means that the flag is absent.
	EnvFiles []string

	// Process is the process environment as NAME=value, in the form of os.Environ. Nil means that it is empty: nothing is
	// read from the environment of the calling process.
	Process []string

	// Programmatic leaves out what only wrangler's command line does: to read .env files into the process environment, and
	// to follow a .wrangler/deploy/config.json. The zero value does what the command does; with Programmatic set,
	// Load and Dev do what unstable_readConfig and unstable_getVarsForDev do.
	Programmatic bool

	// FollowRedirect follows a .wrangler/deploy/config.json although Programmatic is set.
	FollowRedirect bool

	// Pages reads the project as `wrangler pages dev` does. Environment, Config and Script must not be set then, and EnvFiles
	// do not reach the bindings.
	Pages bool

	// Lint reports further findings about each file of local secrets, beside those of [devvars.File.Findings]; for
	// example compat.Findings of package devvars/compat. Nil means none.
	Lint func(*devvars.File) iter.Seq[devvars.Finding]
}

// clone returns options that share no memory with o.
func (o Options) clone() Options {
	if o.Environment != nil {
		o.Environment = new(*o.Environment)
	}
	o.EnvFiles, o.Process = slices.Clone(o.EnvFiles), nil // the process environment is read at once
	return o
}

// DevOptions are the arguments of `wrangler dev` that make bindings.
type DevOptions struct {
	// Vars are the values of --var, as NAME:value. They are plain text and beat everything else. A NAME without a
	// colon has the value "".
	Vars []string

	// PagesBindings are the values of --binding of `wrangler pages dev`, as NAME=value. They count for a Pages
	// project only, and there they beat everything else.
	PagesBindings []string

	// Branch, CommitSHA and ShortSHA are what a Pages project's CF_PAGES_BRANCH, CF_PAGES_COMMIT_SHA and CF_PAGES_URL
	// are made of. Wrangler asks git for them: rev-parse --abbrev-ref HEAD, HEAD and --short HEAD. "" is what it takes
	// where there is no repository: "local", 40 zeros, and the first 8 characters of CommitSHA.
	Branch, CommitSHA, ShortSHA string
}

// DeployOptions are the arguments of `wrangler deploy` that make bindings, and what is known of the Worker.
type DeployOptions struct {
	// Vars are the values of --var, as NAME:value. They replace any binding of that name.
	Vars []string

	// SecretsFile is --secrets-file, relative to the directory that wrangler is run in: a JSON object of strings, or a
	// .env file. "" means none. Its secrets replace any binding of that name.
	SecretsFile string

	// KeepVars is --keep-vars. The field keep_vars of the configuration does the same.
	KeepVars bool

	// NewWorker says that the Worker does not exist yet, so that there is nothing to inherit a required secret from.
	NewWorker bool

	// RemoteSecrets are the names of the secrets that the Worker has now. A var or another binding of the configuration
	// that would replace one is a finding: a warning, or an error with Strict, which is --strict.
	RemoteSecrets []string
	Strict        bool
}
