package main

// release is a wrangler that is compared.
type release struct {
	version string
	when    string
	onlyDev bool // whether it has no library that resolves vars
}

// releases are the last wrangler 3, and the last wrangler of each second month, the oldest first. The
// last one has recorded the projects.
var releases = []release{
	{"3.114.17", "January 2026", true},
	{"4.40.3", "September 2025", false},
	{"4.51.0", "November 2025", false},
	{"4.59.2", "January 2026", false},
	{"4.79.0", "March 2026", false},
	{"4.95.0", "May 2026", false},
	{"4.116.0", "July 2026", false},
	{"4.145.0", "September 2026", false},
}
