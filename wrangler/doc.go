// Package wrangler resolves the env of a Cloudflare Workers project exactly as wrangler 4.164.0
// does, and explains where each value comes from.
//
// [DevEnv] returns the env that `wrangler dev` gives the Worker. Its Map is a map[string]string, in
// which secrets and vars look the same, as they do in the Worker:
//
//	env, err := wrangler.DevEnv(wrangler.Options{Environ: os.Environ()})
//	if err != nil {
//		return err
//	}
//	for name, value := range env.Map() {
//		...
//	}
//
// The steps behind it are [Load], which finds and reads the configuration for one environment, and
// [Config.Dev]; for the bindings that `wrangler deploy` uploads there is [Config.Deploy]. Dev and
// Deploy return a [Resolution]: a [binding.Set], the [Source] of each binding, the warnings as
// [Finding] values, and for each name an [Explanation], which lists every source that has the name
// and the [Reason] why a source is not used. [Check] reports everything that is wrong with a
// project.
//
// # Where values come from
//
// The configuration is the wrangler.json in the directory or the nearest one above, else the
// nearest wrangler.jsonc, else the nearest wrangler.toml. Its vars are those of the environment
// that --env or CLOUDFLARE_ENV names, or of the top level; an environment does not inherit vars.
//
// In development, local secrets replace vars of the same name. They come from .dev.vars.NAME or, if
// it does not exist, from .dev.vars, beside the configuration. If neither exists, they come from
// .env, .env.local, .env.NAME and .env.NAME.local; the last file that has a name wins, and
// references such as ${HOST} are expanded. With --env-file only the files that it names are read.
// NAME is the value of --env; CLOUDFLARE_ENV does not select files. If the configuration has the
// field secrets, only the names in secrets.required and in vars are taken, and the process
// environment counts as well. --var replaces any of these.
//
// Local files are never deployed. A deployment has the vars of the configuration, those of --var,
// the secrets of --secrets-file, and inherits the other required secrets from the version before
// it.
//
// # Errors and findings
//
// Everything that wrangler refuses is an [*Error] with file, line and column where they are known;
// several are joined. A Finding reports what wrangler warns about, and also what may lose a value
// or expose a secret without a warning from wrangler. Neither contains a value of the project. The
// Rule of a Finding is stable, its text is not; [Rules] lists all rules.
//
// For the explanation and the findings, the package also reads files that wrangler does not read,
// but whose names say that they contain an env: those beside the configuration and the entry point,
// in Dir, in the directory of assets, and in the directories above up to the root of the
// repository, or in two directories above if there is no repository. At most 32 files of 256 KiB
// are read in each directory.
//
// The package reads the files of the project and nothing else. The process environment is passed in
// [Options].
package wrangler
