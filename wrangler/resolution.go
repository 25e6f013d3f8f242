package wrangler

import (
	"errors"
	"fmt"
	"slices"

	"github.com/workerenv/workerenv/binding"
)

// Resolution is the bindings that a Worker gets, and where each of them comes from. It does not change, and any number
// of goroutines may use it at once. It shows no value when it is printed, logged or dumped, only names, kinds and
// places. The zero Resolution has no bindings.
type Resolution struct {
	set      binding.Set
	order    []binding.Binding
	assigned table[entry] // also what is not bound
	trail    trail
	findings []Finding
	keep     []binding.Kind
}

// Set returns the bindings.
func (r *Resolution) Set() binding.Set { return r.set }

// Env returns what the Worker's code sees as env. It fails if there are bindings of kind inherit, whose values only the
// deployed Worker has; see [binding.Set.Inherit].
func (r *Resolution) Env() (binding.Env, error) { return r.set.Env() }

// Bindings returns the bindings in the order of the reference: that of Object.keys(env) in the Worker for Dev, that of the
// upload for Deploy. The caller owns the slice.
func (r *Resolution) Bindings() []binding.Binding { return slices.Clone(r.order) }

// KeepBindings returns the kinds of bindings of the deployed version that an upload keeps if it does not name them
// itself: always the secrets, and the vars with keep_vars. It is nil for Dev. The caller owns the slice.
func (r *Resolution) KeepBindings() []binding.Kind { return slices.Clone(r.keep) }

// Source returns where the binding of that name comes from, and whether there is one.
func (r *Resolution) Source(name string) (Source, bool) {
	if _, ok := r.set.Lookup(name); !ok {
		return Source{}, false
	}
	e, _ := r.assigned.get(name)
	return e.spot.source(), true
}

// Explain tells everything about where name comes from. A name that no source knows has no candidates. The caller owns the
// result.
func (r *Resolution) Explain(name string) Explanation {
	e := Explanation{Name: name}
	steps, _ := r.trail.get(name)
	for _, s := range steps {
		e.Candidates = append(e.Candidates, s.candidate())
	}
	return e
}

// Names returns every name that some source has, used or not, in byte order. The caller owns the slice.
func (r *Resolution) Names() []string {
	names := slices.Clone(r.trail.names)
	slices.Sort(names)
	return names
}

// Findings returns the warnings about the project: those of its configuration first, then those of the files and of
// what they make together. The caller owns the slice.
func (r *Resolution) Findings() []Finding { return slices.Clone(r.findings) }

// entry is a binding and where it comes from.
type entry struct {
	binding binding.Binding
	spot    spot
}

// resolver puts a Resolution together.
type resolver struct {
	*project
	emulating bool // whether the bindings are for development
	assigned  table[entry]
	trail     trail
	findings  []Finding
}

// assign makes b what its name stands for, from now on.
func (r *resolver) assign(b binding.Binding, s spot) {
	if b.Name() != "__proto__" { // an assignment to it makes no property in JavaScript
		r.assigned.set(b.Name(), entry{b, s})
	}
}

// offer assigns b and puts it into the trail.
func (r *resolver) offer(b binding.Binding, s spot) {
	r.trail.note(s, b, "")
	r.assign(b, s)
}

// result makes a Resolution of bindings, which are in their order.
func (r *resolver) result(bindings []binding.Binding) (*Resolution, error) {
	for _, b := range bindings {
		e, _ := r.assigned.get(b.Name())
		r.trail.settle(e.spot, b)
	}
	set, err := binding.NewSet(bindings...)
	if err != nil {
		return nil, err
	}
	res := &Resolution{set: set, order: bindings, assigned: r.assigned, trail: r.trail}
	res.findings = append(slices.Clone(r.project.findings), r.findings...)
	res.findings = append(res.findings, limitFindings(set)...)
	return res, nil
}

// valid returns r if there is no error among its findings.
func (r *Resolution) valid() (*Resolution, error) {
	if err := failures(r.findings); err != nil {
		return nil, err
	}
	return r, nil
}

// ofKind returns those of the named bindings that are of kind k.
func (r *resolver) ofKind(names []string, k binding.Kind) []binding.Binding {
	return r.named(names, func(b binding.Binding) bool { return b.Kind() == k })
}

// named returns those of the named bindings that pick wants.
func (r *resolver) named(names []string, pick func(binding.Binding) bool) []binding.Binding {
	var list []binding.Binding
	for _, name := range names {
		if e, there := r.assigned.get(name); there && pick(e.binding) {
			list = append(list, e.binding)
		}
	}
	return list
}

// limitFindings reports what Cloudflare would refuse to deploy even on the larger plan.
func limitFindings(set binding.Set) []Finding {
	limit := func(key, text string) Finding {
		return Finding{Severity: SeverityWarning, Rule: RuleLimit, Key: key, Text: text}
	}
	var breach *binding.LimitError
	if !errors.As(binding.PaidPlan().Check(set), &breach) {
		return nil
	}
	var findings []Finding
	if breach.Bindings > 0 {
		findings = append(findings, limit("", fmt.Sprintf("%d vars and secrets are more than the %d of the paid plan",
			breach.Bindings, breach.Limits.Bindings)))
	}
	for _, name := range breach.TooLarge {
		findings = append(findings, limit(name, fmt.Sprintf("the value is larger than %d bytes, the most that can be deployed",
			breach.Limits.ValueBytes)))
	}
	return findings
}
