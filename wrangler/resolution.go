package wrangler

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
)

// Resolution is the bindings that a Worker gets, and where each of them comes from. It does not
// change, and any number of goroutines may use it at once. It shows no value when it is printed,
// logged or dumped, only names, kinds and places. The zero Resolution has no bindings.
type Resolution struct {
	set      binding.Set
	order    []binding.Binding
	names    map[string]*candidates
	findings []Finding
	keep     []binding.Kind
	files    []string
}

// Set returns the bindings.
func (r *Resolution) Set() binding.Set { return r.set }

// Env returns what the code of the Worker sees as env. After Deploy it fails with a
// [*binding.InheritError] if there are inherited secrets, whose values only the deployed version
// has. [binding.Set.Inherit] takes them from its bindings.
func (r *Resolution) Env() (binding.Env, error) {
	env, err := r.set.Env()
	var inherited *binding.InheritError
	if errors.As(err, &inherited) {
		err = fmt.Errorf("%w; only the deployed version has the values: see Set.Inherit", err)
	}
	return env, err
}

// Bindings returns the bindings in wrangler's order: for Dev that of Object.keys(env) in the
// Worker, for Deploy that of the upload. The caller owns the slice.
func (r *Resolution) Bindings() []binding.Binding { return slices.Clone(r.order) }

// KeepBindings returns the kinds of bindings that an upload keeps from the deployed version if it
// does not name them itself: secrets always, and vars with keep_vars. It is nil for Dev. The caller
// owns the slice.
func (r *Resolution) KeepBindings() []binding.Kind { return slices.Clone(r.keep) }

// Source returns where the binding of that name comes from, and whether there is one.
func (r *Resolution) Source(name string) (Source, bool) {
	winner, ok := r.Explain(name).Winner()
	return winner.Source, ok
}

// Explain returns every source that has the name, and why each of them is used or not. A name that
// no source has gets no candidates. The caller owns the result.
func (r *Resolution) Explain(name string) Explanation {
	e := Explanation{Name: name}
	if c := r.names[name]; c != nil {
		e.Candidates = c.explain()
	}
	return e
}

// Names returns every name that some source has, used or not, in byte order. The caller owns the
// slice.
func (r *Resolution) Names() []string { return slices.Sorted(maps.Keys(r.names)) }

// IsFragment reports whether name is a piece of a value, not a name: part of a value of several
// lines that has no quotes, such as a PEM file. Wrangler takes it for a name, so it is among those
// of the bindings. Do not show it.
func (r *Resolution) IsFragment(name string) bool { return r.names[name].isFragment() }

// Findings returns the warnings about the project: those about its configuration first, then those
// about the other files and about the bindings. The caller owns the slice.
func (r *Resolution) Findings() []Finding { return slices.Clone(r.findings) }

// Files returns every file that was read for the Resolution, by Load as well, and every file that
// would have been read if it existed: the bindings stay the same as long as none of them is
// changed, removed or created, and the options stay the same. Files that are read only to explain
// why they do not count are not included. The names are absolute paths of the operating system or,
// with an FS, slash-separated paths that start with a slash at its root. They are in byte order.
// The caller owns the slice.
func (r *Resolution) Files() []string { return slices.Clone(r.files) }

// resolver collects what each source has for each name, in the order in which wrangler looks at the
// sources: the later one that counts replaces the earlier. From what is left in the end it makes a
// Resolution.
type resolver struct {
	*project
	names    map[string]*candidates
	bound    []string // the names that have a binding, in the order in which they got their first
	findings []Finding
	locals   *localFiles // the local files; nil for a deployment

	sources shared[Source]
	remarks shared[remark]
}

// shared has one pointer for each value, for all who need the same value.
type shared[T comparable] struct {
	pointers map[T]*T
	last     *T // what get returned last; the next is usually the same
}

func (s *shared[T]) get(value T) *T {
	if s.last != nil && *s.last == value {
		return s.last
	}
	if s.pointers == nil {
		s.pointers = map[T]*T{}
	}
	if s.last = s.pointers[value]; s.last == nil {
		kept := value // so that value itself is not allocated each time
		s.last = &kept
		s.pointers[value] = s.last
	}
	return s.last
}

// newResolver returns a resolver for p. It has a copy of p to collect the files that it looks
// for, since p may have several resolvers at once.
func newResolver(p *project) *resolver {
	own := *p
	own.files.looked = maps.Clone(p.files.looked)
	return &resolver{project: &own, names: map[string]*candidates{}}
}

// candidates returns the candidates for a name.
func (r *resolver) candidates(name string) *candidates {
	c := r.names[name]
	if c == nil {
		c = &candidates{}
		r.names[name] = c
	}
	return c
}

// add adds a candidate for the name of b. If m does not drop it, use may make it the binding.
func (r *resolver) add(source Source, b binding.Binding, m remark) {
	r.addName(source, b, m, true)
}

// addAssignment adds what an assignment in f has.
func (r *resolver) addAssignment(f *localFile, e devvars.Assignment, value string, m remark) {
	r.addName(f.at(e), binding.Secret(e.Key(), value), m, !e.IsFragment())
}

// addName is add for a name that may be a piece of a value; named says that it is none.
func (r *resolver) addName(source Source, b binding.Binding, m remark, named bool) {
	c := r.candidates(b.Name())
	c.named = c.named || named
	added := candidate{place: r.place(source), binding: b}
	if m != (remark{}) {
		added.remark = r.remarks.get(m)
	}
	c.add(added)
}

// place returns source as a place.
func (r *resolver) place(source Source) place {
	in := r.sources.get(Source{Origin: source.Origin, File: source.File})
	return place{in, source.Key, uint32(source.Line), uint32(source.Column)}
}

// use makes what source has for a name its binding, and returns that.
func (r *resolver) use(source Source, name string) *candidate {
	c := r.candidates(name)
	if c.used == 0 {
		r.bound = append(r.bound, name)
	}
	return c.use(r.place(source))
}

// useSecret makes a secret the binding of its name. Its value may differ from what source has,
// since references in it have been replaced.
func (r *resolver) useSecret(source Source, name, value string) {
	c := r.use(source, name)
	if v, ok := c.binding.Value(); !ok || v.Reveal() != value {
		commented := c.comment()
		commented.expanded = expands(source.Origin)
		c.binding, c.remark = binding.Secret(name, value), &commented
	}
}

// expands reports whether wrangler replaces references in the values of a source.
func expands(o Origin) bool { return o == FromEnvFile || o == FromSecretsFile }

// offer adds what source has for a name and makes it the binding.
func (r *resolver) offer(source Source, b binding.Binding) {
	r.add(source, b, remark{})
	r.use(source, b.Name())
}

// report adds a finding about source.
func (r *resolver) report(source Source, severity Severity, rule Rule, text string) {
	r.findings = append(r.findings, source.finding(severity, rule, text))
}

// winner returns the source and the binding that are used for a name, without further fields of a
// Candidate; the zero Candidate if there are none.
func (r *resolver) winner(name string) Candidate {
	if c := r.names[name].winner(); c != nil {
		return Candidate{Source: c.source(), Binding: c.binding}
	}
	return Candidate{}
}

// boundNames yields the names that have a binding, without those that are pieces of values.
func (r *resolver) boundNames() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, name := range r.bound {
			if !r.names[name].isFragment() && !yield(name) {
				return
			}
		}
	}
}

// sourceOf returns where the binding of a name comes from. Outside of the configuration the Key is the name,
// or "" if the name is a piece of a value.
func (r *resolver) sourceOf(name string) Source {
	at := r.winner(name).Source
	if at.Origin != FromConfig && at.Origin != FromRequired {
		if at.Key = name; r.names[name].isFragment() {
			at.Key = ""
		}
	}
	return at
}

// finish makes a Resolution of bindings, which are in their order. It fails if there is an error
// among the findings.
func (r *resolver) finish(bindings []binding.Binding) (*Resolution, error) {
	set, err := binding.NewSet(bindings...)
	if err != nil {
		return nil, err
	}
	r.checkLimits(set)
	if err := failures(r.findings); err != nil {
		return nil, err
	}
	for _, b := range bindings {
		r.names[b.Name()].winner().binding = b
	}
	return &Resolution{
		set: set, order: bindings, names: r.names, findings: slices.Concat(r.project.findings, r.findings),
		files: slices.Sorted(maps.Keys(r.files.looked)),
	}, nil
}
