// Package sdk tests package controlplane with Cloudflare's own clients for Go, unmodified: cloudflare-go v6.10.0, which is made from
// the API's OpenAPI description, and v0.116.0 of those that were written by hand.
//
// Not v7.9.0: its uploads have a field for each member of the metadata, as "metadata.main_module", where the API's description
// has one part named metadata with all of it as JSON, which is what v6.10.0, v0.116.0 and wrangler send. The control plane refuses
// them with code 10021, as Cloudflare refuses the ones that cloudflare-typescript makes since its v7, with its issue 2799. Whatever
// does not upload a form works with v7.9.0, too.
package sdk
