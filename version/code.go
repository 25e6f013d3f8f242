package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Code is everything in an upload that is not a binding. It is carried as it is and has no meaning here, so that a
// version that derives from another loses nothing. The zero Code is an upload of nothing.
//
// Versions copy it in and out.
type Code struct {
	MainModule string   // the name of the module that runs, "" for a script in service-worker syntax
	BodyPart   string   // the name of the script in service-worker syntax, "" for modules
	Modules    []Module // in the order of the upload

	CompatibilityDate  string
	CompatibilityFlags []string

	// Metadata is the JSON object of all other metadata: limits, placement, and what is known to nobody yet. It is
	// kept to the byte, and not printed since it may hold tokens. The zero Value is an absent object.
	Metadata binding.Value
}

// Module is a part of an upload. Its content is kept elsewhere, under its digest.
type Module struct {
	Name   string
	Type   string // its Content-Type, as "application/javascript+module"
	Digest string // whatever the keeper of the content calls it, as "sha256:..."
	Size   int64  // in bytes
}

// Equal reports whether c and d are the same upload, in all parts and in order.
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
