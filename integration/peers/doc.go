// Package peers compares this library with other Go parsers of dotenv files, and with npm's dotenv and
// wrangler, on the same work. It also checks that no operation takes more than linear time. It has
// tests and benchmarks only.
package peers
