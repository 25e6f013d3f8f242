// Package sdk tests package controlplane with Cloudflare's clients for Go: cloudflare-go v6.10.0,
// generated from the OpenAPI description of the API, and v0.119.0, written by hand.
//
// It does not use v7.9.0, whose uploads have a form field for each member of the metadata, such as
// "metadata.main_module". The description has one field, metadata, with a JSON object, which v6.10.0,
// v0.119.0 and wrangler send. The control plane rejects the other form with code 10021, as Cloudflare
// does (issue 2799 of cloudflare-typescript). All other calls work with v7.9.0.
package sdk
