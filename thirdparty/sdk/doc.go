// Package sdk tests package controlplane with Cloudflare's own clients for Go, unmodified: today's, which is made from the OpenAPI
// description, and the last one that was written by hand.
package sdk
