// Package controlplane serves the part of Cloudflare's API that manages Workers, their secrets, versions and deployments, over the
// histories of package version: to test clients of that API without Cloudflare.
//
//	api := controlplane.New(controlplane.Options{})
//	server := httptest.NewServer(api)
//	// CLOUDFLARE_API_BASE_URL=server.URL+"/client/v4" wrangler deploy
//	history, err := api.Account(accountID).Open(ctx, "shop")
//
// Package controlplanetest makes that a line in a test. What clients do to the Handler shows in [Handler.Account], and what is
// prepared there shows to clients. [Handler.Pages] does the same for projects of Pages, whose secrets are settings of a project.
//
// # Routes
//
// Below /client/v4 there are:
//
//	GET                      /user
//	GET                      /user/tokens/verify
//	GET                      /accounts
//	GET                      /accounts/ACCOUNT
//	GET                      /memberships
//	GET                      /zones                                     (any name of two labels, in the account of the query)
//	GET                      /zones/ZONE/workers/routes
//
// and below /client/v4/accounts/ACCOUNT:
//
//	GET, DELETE              /workers/services/NAME
//	GET                      /workers/services/NAME/environments/production/content
//	GET                      /workers/scripts
//	GET                      /workers/scripts-search
//	GET, PUT, DELETE         /workers/scripts/NAME
//	PUT                      /workers/scripts/NAME/content
//	GET                      /workers/scripts/NAME/content/v2
//	GET, POST                /workers/scripts/NAME/versions
//	GET                      /workers/scripts/NAME/versions/VERSION
//	GET, POST                /workers/scripts/NAME/deployments
//	GET, DELETE              /workers/scripts/NAME/deployments/DEPLOYMENT
//	GET, PUT                 /workers/scripts/NAME/secrets
//	GET, DELETE              /workers/scripts/NAME/secrets/SECRET
//	PATCH                    /workers/scripts/NAME/secrets-bulk
//	GET, PATCH               /workers/scripts/NAME/settings
//	GET, PATCH               /workers/scripts/NAME/script-settings
//	GET, POST, DELETE        /workers/scripts/NAME/subdomain
//	GET, PUT                 /workers/scripts/NAME/schedules
//	PUT                      /workers/scripts/NAME/routes
//	POST                     /workers/scripts/NAME/domains/changeset
//	PUT                      /workers/scripts/NAME/domains/records
//	POST                     /workers/scripts/NAME/assets-upload-session
//	POST                     /workers/assets/upload                     (with the token of such a session)
//	GET                      /workers/scripts/NAME/references
//	GET, POST                /workers/workers
//	GET, PUT, PATCH, DELETE  /workers/workers/NAME
//	GET, POST                /workers/workers/NAME/versions
//	GET, DELETE              /workers/workers/NAME/versions/VERSION
//	PATCH                    /workers/workers/NAME/versions/latest      (env and annotations)
//	GET, PUT, DELETE         /workers/subdomain
//	GET                      /workers/subdomains/SUBDOMAIN
//	GET                      /workers/tails/by-consumer/NAME            (always empty)
//	GET                      /workers/durable_objects/namespaces        (always empty)
//	GET                      /workers/domains
//	GET                      /storage/kv/namespaces                     (always empty)
//	GET, PUT                 /workflows/WORKFLOW
//	GET                      /queues                                    (any name)
//	POST                     /queues/QUEUE/consumers                    (none is kept)
//	GET                      /r2/buckets/BUCKET                         (any name)
//	GET                      /d1/database/DATABASE                      (any name)
//	GET, POST                /pages/projects
//	GET, PATCH, DELETE       /pages/projects/PROJECT
//
// Below /workers/workers a Worker also goes by its ID, and VERSION may be "latest".
//
// Any other one is answered with 404 and code 7003, as the API does where there is no route, and leaves a warning in the log.
//
// # What is the same as Cloudflare's
//
// The judge is wrangler 4.164.0, unmodified: testdata/scenarios shows its commands, what it prints, and what becomes of the Worker. The rules are
// those of package version; what they refuse is answered with the codes and texts that the API has for it.
//
// Codes that wrangler does not look at are those that others were answered: 10053 and 10056 as in workers-sdk#12812, 10021 for a form without
// metadata as in cloudflare-typescript#158, 10020 for the route of another Worker as in wrangler-action#241, 8000002 as in
// rails/buildkite-config#101, 10336 and 10007 for deployments and versions that are not there as in the tests of
// alchemy-run/distilled 0.5.3, which ask the real API.
//
// Where nobody tells what the API does, the Handler answers what fits best:
//
//   - The HTTP status of codes 7003, 10000, 10053, 10056, 10064, 10214, 10215, 10220 and 10336.
//   - Code 10004 for a body that is not what the route takes, 10040 for the name of another Worker, and 10021 for whatever else in an
//     upload or a deployment makes no sense.
//   - A page has 10 versions, Workers or projects.
//   - A patch of the latest version inherits its tag.
//   - A version that is made of JSON has no bindings but those it is given.
//   - A version can be deleted unless it is the latest one or a deployment has it.
//   - Routes that belong to no account answer a wrong token with 1000, 9109 or 9106.
//   - Codes 10031, 10032 and 10036 about the subdomain of an account.
//   - Code 10022 for a route without a host name, and 100117 for a custom domain that another Worker has.
//   - Of assets: every upload of a session is answered with 201 and a token that a version may have, though others may be missing.
//   - Of Pages: code 8000000 for whatever makes no sense, the empty text in the place of a secret's value, and that a var of no type is
//     plain_text.
//
// # What is not
//
// No code runs and none is looked into: every version has a startup time of 1 ms and a fetch handler, and none has previews. Nothing goes by routes,
// custom domains, workflows and schedules, which are kept. Of other products every resource is there that is asked for by its name and none that
// is listed, and bindings to them are taken as they are. Pages has projects with settings, no deployments. Of static assets
// the Handler keeps what has been uploaded, by its hash, and not the contents.
//
// # Memory
//
// All that a Handler knows is in its Store, and what requests ask for is held besides, of at most 1,000 accounts at a time. A Store keeps
// what has been deleted, and the contents of modules for as long as it lives.
//
// # Secrets
//
// Values of secrets, and the keys in bindings of type secret_key, are in no response, error or record of the log. They are in the Store, and in the
// histories behind [binding.Value].
package controlplane
