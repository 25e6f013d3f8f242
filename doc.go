// Package workerenv documents a library for the env of Cloudflare Workers: the vars and secrets
// that the code of a Worker finds in its env object. The library reads them as wrangler does and
// returns them to Go programs, also as a map[string]string:
//
//	env, err := wrangler.DevEnv(wrangler.Options{Dir: dir}) // what wrangler dev binds in the project in dir
//	if err != nil {
//		return err // file:line:column of each problem, and no values
//	}
//	fmt.Println(env.Get("API_HOST"))
//	var vars map[string]string = env.Map() // vars and secrets alike
//
// This package has no code. Start with one of these:
//
//   - [wrangler.DevEnv] returns the [binding.Env] of a project. [wrangler.Load] gives access to the
//     rest: the bindings of wrangler deploy, findings, and an explanation of where each value comes
//     from.
//   - [devvars.Parse] reads a .dev.vars file. [devvars.File] edits it and keeps all other bytes.
//   - [version.History] models versions, deployments, secrets and rollbacks of Workers.
//   - [controlplanetest.NewServer] starts Cloudflare's API on loopback, for tests of tools that talk to it.
//
// The examples below show each of them. Command workerenv shows and checks the env of a project, runs
// programs with it, and serves the API.
//
// # Data flow
//
//	wrangler.{json,jsonc,toml} --> wrangler.Config --vars--> binding.Set --+
//	.dev.vars or .env files    --> devvars.File  --secrets----------------+--> wrangler.Resolution --> binding.Env
//	process environment, if it is passed ---------------------------------+
//
//	binding.Set --Upload--> version.Version --Deploy--> version.Deployment --Pick--> version.Version --> binding.Env
//
// # Guarantees
//
// The rules are those of wrangler 4.164.0, dotenv 16.3.1 and dotenv-expand 12.0.2. Tests compare
// the results with recorded results of these programs, and with the programs themselves. The file
// docs/differences.md lists the intended differences.
//
// No error, finding, log line, String method or panic contains the value of a var or secret. Only
// methods that are easy to search for return values: Reveal, Get, Map, Environ and a few others of
// package binding. Package devvars is about texts, and returns values as strings.
//
// The library reads no environment variable and no global setting. Callers pass the directory or an
// fs.FS, the process environment, the clock and the source of IDs. An embed.FS contains .dev.vars
// only if the directive has all:, as in go:embed all:project.
//
// # Stability
//
// The module follows semantic versioning. Before version 1.0.0, a minor release (0.x.0) may change
// exported identifiers; CHANGELOG.md lists each such change and what to do about it. Patch releases
// change none.
//
// Three things are stable from 0.1.0 on. Every release reads the records that earlier releases have
// stored (see docs/records.md). The JSON output of the command keeps its fields. The Rule names of
// findings keep their meaning. The result for a project may change when the library follows a newer
// wrangler, which is always a minor release.
//
// [wrangler.DevEnv]: https://pkg.go.dev/github.com/workerenv/workerenv/wrangler#DevEnv
// [wrangler.Load]: https://pkg.go.dev/github.com/workerenv/workerenv/wrangler#Load
// [binding.Env]: https://pkg.go.dev/github.com/workerenv/workerenv/binding#Env
// [devvars.Parse]: https://pkg.go.dev/github.com/workerenv/workerenv/devvars#Parse
// [devvars.File]: https://pkg.go.dev/github.com/workerenv/workerenv/devvars#File
// [version.History]: https://pkg.go.dev/github.com/workerenv/workerenv/version#History
// [controlplanetest.NewServer]: https://pkg.go.dev/github.com/workerenv/workerenv/controlplane/controlplanetest#NewServer
package workerenv
