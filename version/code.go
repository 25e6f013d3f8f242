package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Code is everything in an upload that is not a binding. This package does not interpret it; a
// version made from another one keeps it. The zero Code is empty. Versions copy it in and out.
type Code struct {
	MainModule string   // the name of the module that runs, "" for a script in service-worker syntax
	BodyPart   string   // the name of the script in service-worker syntax, "" for modules
	Modules    []Module // in the order of the upload

	CompatibilityDate  string
	CompatibilityFlags []string

	// Metadata is a JSON object of all other metadata, for example limits and placement. It is kept byte for byte, and
	// never printed since it may contain tokens. The zero Value means that there is none.
	Metadata binding.Value
}

// Module is a file of an upload. Its content is stored elsewhere, under its digest.
type Module struct {
	Name   string
	Type   string // its Content-Type, for example "application/javascript+module"
	Digest string // identifies the content where it is stored, for example "sha256:..."
	Size   int64  // in bytes
}

// Equal reports whether c and d are equal in all fields. The order of modules and flags counts.
func (c Code) Equal(d Code) bool {
	return c.MainModule == d.MainModule && c.BodyPart == d.BodyPart && c.CompatibilityDate == d.CompatibilityDate &&
		c.Metadata.Equal(d.Metadata) && slices.Equal(c.Modules, d.Modules) &&
		slices.Equal(c.CompatibilityFlags, d.CompatibilityFlags)
}

func (c *Code) equal(d *Code) bool { return c == d || c.Equal(*d) }

func (c Code) clone() Code {
	c.Modules = slices.Clone(c.Modules)
	c.CompatibilityFlags = slices.Clone(c.CompatibilityFlags)
	return c
}
