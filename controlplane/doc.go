// Package controlplane serves the part of Cloudflare's API that manages Workers, for tests of
// programs that use it: deploy tools, CI scripts, wrangler itself. Uploads, versions, deployments,
// secrets and settings behave as Cloudflare documents them; no code runs.
//
//	api := controlplane.New(controlplane.Options{})
//	server := httptest.NewServer(api)
//	defer server.Close()
//	// CLOUDFLARE_API_BASE_URL=server.URL+"/client/v4" wrangler deploy
//	history, err := api.Account(accountID).Open(ctx, "shop")
//
// Package controlplanetest does this in one line of a test.
//
// # State
//
// All state is in a [version.Store]. [Handler.Account] returns the Workers of an account as a
// [version.Account], and [Handler.Pages] its Pages projects: a test can prepare there what requests
// find, and read what they changed. A Store keeps deleted Workers and the contents of modules;
// Options.CompactAfter limits what it keeps.
//
// Values of secrets are in the Store and behind [binding.Value], but in no answer, no error and no
// record of the log.
//
// # What is served
//
// [Routes] returns all routes. The file docs/routes.md in the repository compares them with Cloudflare's public schema,
// and lists what is simplified; docs/api-evidence.md lists the evidence for each answer. wrangler 4.164.0, unmodified,
// is tested against this package.
//
// No request succeeds if this package would lose a part of it: members and products that are not modeled are refused
// with status 400 and code 990001. docs/routes.md lists the few exceptions. An unknown path gets status 404 and code
// 7003, and another method status 405 and code 10405, as in Cloudflare's API. Each of these refusals leaves a warning
// in the log.
package controlplane
