package wrangler

import (
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// Dev returns the bindings that `wrangler dev` gives the Worker: the vars and resources of the configuration, over the vars
// the secrets of .dev.vars or, if there is none, of the .env files, and over all the flags of o.
//
// The error joins one *[Error] for everything that wrangler would refuse.
func (c *Config) Dev(o DevOptions) (*Resolution, error) {
	r := &resolver{project: c.project()}
	res, err := r.dev(o)
	if err != nil {
		return nil, err
	}
	return res.valid()
}

// dev resolves. What it refuses is among the findings, except for what keeps it from going on.
func (r *resolver) dev(o DevOptions) (*Resolution, error) {
	r.emulating = true
	if err := r.checkPages(); err != nil {
		return nil, err
	}
	r.offerConfig()
	if err := r.offerLocal(); err != nil {
		return nil, err
	}
	names := r.offerFlags(o)
	r.checkValues()
	r.checkHyperdrive()
	return r.result(r.inDevOrder(names))
}

// offerConfig offers the bindings of the configuration. The vars of the top level that the environment does not inherit
// are noted.
func (r *resolver) offerConfig() {
	place := r.placer()
	for _, v := range r.settings.NotInherited {
		r.trail.note(place(v.Key, v.Offset).spot(), varBinding(v.Name, v.Value), NotInherited)
	}
	if r.options.Programmatic {
		for _, v := range r.settings.Vars {
			r.offer(varBinding(v.Name, v.Value), place(v.Key, v.Offset).spot())
		}
		return
	}
	for _, b := range r.settings.Bindings {
		if r.emulating && !b.InDev() {
			r.trail.note(place(b.Key, b.Offset).spot(), configBinding(b), NotEmulated)
			continue
		}
		r.offer(configBinding(b), place(b.Key, b.Offset).spot())
	}
}

// checkPages fails if `wrangler dev` is asked about a Pages project. With an entry point of its own it is none.
func (r *resolver) checkPages() error {
	o := r.options
	if !r.settings.Pages || o.Pages || o.Programmatic || o.Script != "" || r.settings.Main != "" {
		return nil
	}
	return &Error{Finding: Finding{Rule: RuleUsage, Text: "this is a Pages project; it is developed with wrangler pages dev"}}
}

// configBinding returns a binding of the configuration as development gets it: a resource need not exist.
func configBinding(b config.Binding) binding.Binding {
	if isVar(b) {
		return varBinding(b.Name, b.Fields.Get("value"))
	}
	for _, resource := range config.Resources([]config.Binding{b}) {
		if resource.Pending == "" {
			return resourceBinding(resource)
		}
	}
	return resourceBinding(config.Resource{Name: b.Name, Kind: b.Type, Attributes: b.Fields})
}

// resourceBinding returns a binding of the configuration that is no var. The field unsafe can make one of any kind.
func resourceBinding(r config.Resource) binding.Binding {
	attributes := jsvalue.ObjectValue(r.Attributes).JSON()
	switch kind := binding.Kind(r.Kind); kind {
	case binding.Inherit:
		return binding.InheritedFrom(r.Name, attributes)
	case binding.PlainText:
		return binding.Var(r.Name, r.Attributes.Get("text").Text())
	case binding.SecretText:
		return binding.Secret(r.Name, r.Attributes.Get("text").Text())
	case binding.JSON:
		return binding.JSONVar(r.Name, r.Attributes.Get("json").JSON())
	default:
		return binding.Resource(kind, r.Name, attributes)
	}
}

func isVar(b config.Binding) bool { return binding.Kind(b.Type).IsVar() }

// varBinding returns the binding of a var: plain text for a string, JSON for everything else.
func varBinding(name string, v jsvalue.Value) binding.Binding {
	if v.Is(jsvalue.String) {
		return binding.Var(name, v.Text())
	}
	return binding.JSONVar(name, v.JSON())
}

// offerLocal offers the local secrets.
func (r *resolver) offerLocal() error {
	l, err := r.readLocal()
	if err != nil {
		return err
	}
	r.findings = append(r.findings, l.findings...)
	r.lint(l)
	r.trail.reserve(l.values.len())
	r.assigned.reserve(l.values.len())
	l.note(&r.trail, r.process, r.picker())
	picked := r.picker()
	for name, s := range l.values.all() {
		if picked(name) == "" {
			r.assign(r.trail.secret(name, s), s.spot)
		}
	}
	r.warnMissing(l)
	return nil
}

// picker returns the function that tells why a name that is loaded is dropped all the same, "" if it is not. It asks about
// the configuration as it is now.
func (r *resolver) picker() func(string) Reason {
	vars := map[string]bool{}
	for _, v := range r.settings.Vars {
		vars[v.Name] = true
	}
	resources := map[string]bool{}
	for _, b := range r.settings.Bindings {
		resources[b.Name] = !isVar(b)
	}
	var required map[string]bool
	if s := r.settings.Secrets; s != nil {
		required = map[string]bool{}
		for _, name := range requiredNames(s) {
			required[name] = true
		}
	}
	return func(name string) Reason {
		builtin := jsvalue.IsPrototypeName(name)
		switch {
		case required != nil && !required[name] && !vars[name] && !builtin:
			return NotRequired
		case r.options.Programmatic:
			return ""
		case resources[name]:
			return ResourceStays
		case builtin:
			return BuiltinName
		}
		return ""
	}
}

// warnMissing reports the required secrets that the local files lack.
func (r *resolver) warnMissing(l *local) {
	s := r.settings.Secrets
	if s == nil {
		return
	}
	place := r.placer()
	for _, secret := range s.Required {
		_, ok := l.values.get(secret.Name)
		if ok || l.loaded && jsvalue.IsPrototypeName(secret.Name) {
			continue
		}
		at := place(secret.Key, secret.Offset)
		r.findings = append(r.findings, Finding{
			Severity: SeverityWarning, Rule: RuleMissingSecret, File: at.File, Line: at.Line, Column: at.Column, Key: secret.Key,
			Text: "required secret " + secret.Name + " is missing; add it to .dev.vars or .env, or set it as an environment variable",
		})
	}
}

// offerFlags offers the flags and, for Pages, what wrangler adds, and returns the names in the order in which the Worker
// gets them: what beats the project first, then what wrangler adds, then the rest.
func (r *resolver) offerFlags(o DevOptions) []string {
	var order table[entry]
	flags, flag, separator := o.Vars, "--var", ":"
	if r.options.Pages {
		flags, flag, separator = o.PagesBindings, "--binding", "="
		order.set(r.offerAssets(), entry{})
	}
	given := parseFlags(flags, separator)
	for name := range given.all() {
		order.set(name, entry{})
	}
	if r.options.Pages {
		for name := range r.offerPagesDefaults(o) {
			order.set(name, entry{})
		}
	}
	names := order.before(&r.assigned)
	for name, value := range given.all() {
		r.offer(binding.Var(name, value), Source{Origin: FromFlag, Key: flag}.spot())
	}
	return names
}

// parseFlags splits NAME<separator>value arguments, which Node.js reads as UTF-8. The later of two with the same name counts.
func parseFlags(args []string, separator string) *table[string] {
	t := &table[string]{}
	for _, arg := range args {
		name, value, _ := strings.Cut(jsvalue.ValidText([]byte(arg)), separator)
		if name != "__proto__" {
			t.set(name, value)
		}
	}
	return t
}

// checkValues reports the vars that `wrangler dev` refuses, since they would not be the same after a trip through JSON: NaN, the
// infinities and dates.
func (r *resolver) checkValues() {
	if r.options.Programmatic {
		return
	}
	place := r.placer()
	for _, v := range r.settings.Vars {
		e, _ := r.assigned.get(v.Name)
		if e.spot.origin() != FromConfig || isJSON(v.Value) {
			continue
		}
		at := place(v.Key, v.Offset)
		r.findings = append(r.findings, Finding{
			Rule: RuleNotJSON, File: at.File, Line: at.Line, Column: at.Column, Key: v.Key,
			Text: "holds NaN, an infinity or a date, which wrangler dev refuses; write it as a text",
		})
	}
}

// isJSON reports whether v is the same after it has been written and read as JSON.
func isJSON(v jsvalue.Value) bool {
	switch v.Kind() {
	case jsvalue.Number:
		f := v.Float()
		return f-f == 0
	case jsvalue.Date:
		return false
	}
	for _, item := range v.Items() {
		if !isJSON(item) {
			return false
		}
	}
	for _, member := range v.Object().All() {
		if !isJSON(member) {
			return false
		}
	}
	return true
}
