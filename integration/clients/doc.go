// Package clients drives package controlplane with real, unmodified clients of Cloudflare's API, and
// writes what works into docs/clients.md: three releases of wrangler, Cloudflare's SDKs for Go and for
// Node.js, alchemy, and the requests of Terraform's provider.
//
// The clients for Node.js come from npm:
//
//	WORKERENV_CLIENTS    folder with the packages of npm/package.json (.ci/run clients installs them)
//	WORKERENV_ORACLE     folder with wrangler 4.164.0 and node (.ci/run oracle installs them)
//	TERRAFORM_PROVIDER   Terraform's provider for Cloudflare 5.x; needs terraform or tofu in PATH
//
// Without a variable, the tests of its clients are skipped.
package clients
