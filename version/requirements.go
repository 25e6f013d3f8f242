package version

import (
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Requirements are the names that the code of a Worker needs, and those that it can do without. The zero
// Requirements are met by every version. The code can't tell a secret from a var, so either meets a requirement; a resource
// does not.
type Requirements struct {
	Required []string // as "secrets.required" of a wrangler configuration
	Optional []string // names that are expected but may be absent
}

// Coverage is how a version meets Requirements: names, each list in byte order and nil if empty.
type Coverage struct {
	Missing    []string `json:"missing,omitempty"`    // required and not bound
	Absent     []string `json:"absent,omitempty"`     // optional and not bound
	Undeclared []string `json:"undeclared,omitempty"` // secrets that are neither required nor optional
}

// Of tells how bindings meet r.
func (r Requirements) Of(bindings binding.Set) Coverage {
	declared := make(map[string]bool)
	for _, name := range slices.Concat(r.Required, r.Optional) {
		declared[name] = true
	}
	var undeclared []string
	for b := range bindings.All() {
		if isSecret(b) && !declared[b.Name()] {
			undeclared = append(undeclared, b.Name())
		}
	}
	return Coverage{missing(r.Required, bindings), missing(r.Optional, bindings), undeclared}
}

// Check returns a [*MissingError] that lists all required names that any of the versions lacks, else nil. Checked
// against every version of a deployment, it tells what some requests would not find.
func (r Requirements) Check(versions ...Version) error { return r.check("", versions...) }

func (r Requirements) check(worker string, versions ...Version) error {
	if len(r.Required) == 0 {
		return nil
	}
	e := &MissingError{Worker: worker}
	for _, v := range versions {
		if names := missing(r.Required, v.Bindings()); len(names) > 0 {
			e.Versions = append(e.Versions, Missing{v.ID(), names})
		}
	}
	if e.Versions == nil {
		return nil
	}
	return e
}

// missing returns those of names that are no var and no secret of bindings, sorted, each once.
func missing(names []string, bindings binding.Set) []string {
	var list []string
	for _, name := range names {
		if b, _ := bindings.Lookup(name); !b.Kind().IsVar() && !isSecret(b) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
