// Package workerenv is the front door of a library for the env of Cloudflare Workers: the one object in which a Worker's
// code finds its vars and its secrets, and cannot tell them apart. This package holds no code, only this tour and the
// examples beside it.
//
// # The rooms
//
// Package binding is the vocabulary: a Binding is a named entry of a kind, a Set holds several, an Env is what the code
// sees of a Set, and a Value keeps its text to itself until Reveal is called.
//
// Package devvars is the language of .dev.vars files: it reads them as wrangler does, edits them without touching another
// byte, and tells what in them is not what it seems.
//
// Package wrangler is a project: it finds and reads wrangler.json, wrangler.jsonc or wrangler.toml, works out which
// bindings `wrangler dev` would give the Worker and `wrangler deploy` would upload, and explains where each of them
// comes from.
//
// Package version is production: immutable versions of a Worker, deployments that divide its requests among them, secrets,
// rollbacks, and which version a request gets. Package controlplane serves that model over Cloudflare's own API, so
// that wrangler itself can be tested against it.
//
// Command workerenv shows to people what package wrangler resolves, and serves what package controlplane does.
//
// # How data flows
//
//	wrangler.{json,jsonc,toml} --> wrangler.Config --vars--> binding.Set --+
//	.dev.vars or .env files    --> devvars.File  --pairs--> secrets ------+--> wrangler.Resolution --> binding.Env
//	process environment (only if handed in)      ------------------------+
//
//	binding.Set --Upload--> version.Version --Deploy--> version.Deployment --Pick--> version.Version --> binding.Env
//
// # What it promises
//
// The judge is the real tool. Every rule follows wrangler 4.164.0, dotenv 16.3.1 and dotenv-expand 12.0.2, and the tests
// compare with results that were recorded from them. Where wrangler hangs, crashes or dies of an accident of JavaScript, the
// library does the safe thing; docs/differences.md lists each case.
//
// No value leaves unasked: no error, finding, log line, panic or test diff holds one. The calls that give a value out are
// few and can be searched for: Reveal, Get, Map, Environ, Decode of binding, and what devvars returns as strings.
//
// Nothing is read that was not handed in: no environment variable, no working directory, no global setting.
package workerenv
