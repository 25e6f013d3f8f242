// Package wrangler resolves the env of a Cloudflare Workers project as wrangler 4.164.0 does, and explains it.
//
// [Load] finds and reads a project's configuration for one environment. From it, [Config.Dev] works out the bindings that
// `wrangler dev` gives the Worker, and [Config.Deploy] those that `wrangler deploy` uploads. Both return a
// [Resolution]: a [binding.Set] with the [Source] of every binding, the warnings as [Finding] values, and an [Explanation]
// for every name: which sources had it, which one is used, and by which [Reason] the others are not. [Check] is for
// those who only want to know what is wrong.
//
//	config, err := wrangler.Load(wrangler.Options{Dir: dir, Process: os.Environ()})
//	resolution, err := config.Dev(wrangler.DevOptions{})
//	env, err := resolution.Env()
//
// # Where values come from
//
// The configuration is the wrangler.json of the nearest directory upwards that has one, else wrangler.jsonc, else
// wrangler.toml. Its vars are those of the environment that --env or CLOUDFLARE_ENV names, or of the top level;
// environments do not inherit vars.
//
// Over them in development come secrets: from .dev.vars.NAME, or else .dev.vars, beside the configuration; only if there is
// neither, from .env, .env.local, .env.NAME and .env.NAME.local, of which the later win, with references expanded. The
// files of --env-file replace them all. Only the flag --env is the NAME, not CLOUDFLARE_ENV. If the configuration has
// the field secrets, only the names there and those of vars are taken, and the process environment counts as well.
// Over everything comes --var.
//
// Local files are never deployed: a deployment has the vars of the configuration, --var, --secrets-file, and inherits
// required secrets from the version before.
//
// # Errors and findings
//
// Everything that wrangler refuses is an [*Error] with file, line and column where they are known, joined with all the
// others; what it warns of is a Finding. Neither has a value of the project in its text. The rules that a Finding has
// are stable, its text is not.
//
// The package reads the files of a project and nothing else: the working directory and the process environment are
// handed in with [Options].
package wrangler
