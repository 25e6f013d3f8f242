package wrangler

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
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
		e.Candidates = slices.Clone(c.list)
	}
	return e
}

// Names returns every name that some source has, used or not, in byte order. The caller owns the
// slice.
func (r *Resolution) Names() []string { return slices.Sorted(maps.Keys(r.names)) }

// IsFragment reports whether name is not meant as a name but is a piece of a value: of one with
// several lines that lacks quotes in a local file, as an unquoted PEM file does. Wrangler takes it
// for a name, and so it is among those of the bindings. Do not show it.
func (r *Resolution) IsFragment(name string) bool {
	c := r.names[name]
	return c != nil && !c.named
}

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
	advice   string        // of the candidates that add adds
	fragment bool          // whether their names are pieces of values
	others   []otherConfig // the configurations that wrangler does not read
	unread   []localFile   // the local files, with those that wrangler does not read
}

// candidates are what the sources have for one name.
type candidates struct {
	list []Candidate
	used int // list[used-1] is the binding; 0 if the name has none

	named bool // whether some source means it as a name; see Resolution.IsFragment
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

// mostLines bounds the candidates from one file for one name.
const mostLines = 100

// add adds a candidate for the name of b. It is dropped if there is a reason; otherwise use may
// make it the binding. Where one file has too many for a name, it replaces the last.
func (r *resolver) add(source Source, b binding.Binding, dropped Reason) {
	c := r.candidates(b.Name())
	c.named = c.named || !r.fragment
	candidate := Candidate{Source: source, Binding: b, Reason: dropped, Advice: r.advice}
	if n := len(c.list); n >= mostLines && c.list[n-mostLines].Source.File == source.File {
		c.list[n-1] = candidate
		return
	}
	c.list = append(c.list, candidate)
}

// use makes what source has for a name its binding, and returns that. The source has been added
// before, unless its file has changed since; then the Binding is the zero Binding.
func (r *resolver) use(source Source, name string) *Candidate {
	c := r.candidates(name)
	if c.used == 0 {
		r.bound = append(r.bound, name)
	}
	for i, candidate := range slices.Backward(c.list) {
		if candidate.Source == source {
			c.used = i + 1
			return &c.list[i]
		}
	}
	c.list, c.named = append(c.list, Candidate{Source: source}), true
	c.used = len(c.list)
	return &c.list[c.used-1]
}

// useSecret makes a secret the binding of its name. Its value may differ from what source has,
// since references in it have been replaced.
func (r *resolver) useSecret(source Source, name, value string) {
	c := r.use(source, name)
	if v, ok := c.Binding.Value(); !ok || v.Reveal() != value {
		c.Binding, c.Expanded = binding.Secret(name, value), expands(source.Origin)
	}
}

// expands reports whether wrangler replaces references in the values of a source.
func expands(o Origin) bool { return o == FromEnvFile || o == FromSecretsFile }

// offer adds what source has for a name and makes it the binding.
func (r *resolver) offer(source Source, b binding.Binding) {
	r.add(source, b, "")
	r.use(source, b.Name())
}

// report adds a finding about source.
func (r *resolver) report(source Source, severity Severity, rule Rule, text string) {
	r.findings = append(r.findings, source.finding(severity, rule, text))
}

// winner returns the candidate that is used for a name, the zero Candidate if none is.
func (r *resolver) winner(name string) Candidate {
	if c := r.names[name]; c != nil && c.used > 0 {
		return c.list[c.used-1]
	}
	return Candidate{}
}

// finish makes a Resolution of bindings, which are in their order. It fails if there is an error
// among the findings.
func (r *resolver) finish(bindings []binding.Binding) (*Resolution, error) {
	set, err := binding.NewSet(bindings...)
	if err != nil {
		return nil, err
	}
	r.findings = append(r.findings, limitFindings(set)...)
	if err := failures(r.findings); err != nil {
		return nil, err
	}
	for _, b := range bindings {
		c := r.names[b.Name()]
		c.list[c.used-1].Binding = b
	}
	for _, c := range r.names {
		c.decide()
	}
	return &Resolution{
		set: set, order: bindings, names: r.names, findings: slices.Concat(r.project.findings, r.findings),
		files: slices.Sorted(maps.Keys(r.files.looked)),
	}, nil
}

// decide sets the outcome of each candidate.
func (c *candidates) decide() {
	isUploaded := func(c Candidate) bool { return c.Source.Origin == FromSecretsFile || c.Source.Origin == FromSecrets }
	uploaded := slices.ContainsFunc(c.list, isUploaded)
	for i := range c.list {
		candidate := &c.list[i]
		switch {
		case i == c.used-1:
			candidate.Outcome, candidate.Reason, candidate.Advice = Used, "", ""
		case candidate.Reason != "":
			candidate.Outcome = Dropped
		case uploaded && !isUploaded(*candidate):
			candidate.Outcome, candidate.Reason = Shadowed, SecretsFileWins
		default:
			candidate.Outcome, candidate.Reason = Shadowed, shadowing(candidate.Source, c.list[c.used-1].Source)
		}
	}
}

// shadowing returns the reason why winner is used and loser is not.
func shadowing(loser, winner Source) Reason {
	switch {
	case winner.Origin == FromFlag:
		return FlagWins
	case loser.Origin == FromPages:
		return ProjectWins
	case winner.Origin == FromPages:
		return ResourceStays
	case loser.Origin == FromConfig:
		return SecretOverVar
	case winner.Origin == FromProcess:
		return ProcessWins
	case loser.File == winner.File:
		return LaterLine
	}
	return LaterFile
}
