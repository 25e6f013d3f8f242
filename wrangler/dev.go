package wrangler

import (
	"cmp"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// Dev returns the bindings that `wrangler dev` gives the Worker: the vars and resources of the configuration; over the
// vars the secrets of .dev.vars or, if there is none, of the .env files; over all of them the flags in o. For a Pages
// project it returns what `wrangler pages dev` gives.
//
// The error joins one *[Error] for everything that wrangler refuses.
func (c *Config) Dev(o DevOptions) (*Resolution, error) { return newResolver(c.project()).dev(o) }

func (r *resolver) dev(o DevOptions) (*Resolution, error) {
	if r.settings.Pages && !r.options.Pages && !r.options.Programmatic && r.options.Script == "" && r.settings.Main == "" {
		return nil, usageError("this is a Pages project; develop it with wrangler pages dev")
	}
	r.offerConfig(config.Binding.InDev)
	if err := r.offerLocal(); err != nil {
		return nil, err
	}
	r.addOtherConfigs()
	first := r.offerFlags(o)
	r.findings = append(r.findings, r.unreadFindings()...)
	r.findings = append(r.findings, r.valueFindings()...)
	if !r.options.Programmatic {
		r.checkValues()
		r.checkHyperdrive()
	}
	return r.finish(r.inDevOrder(first))
}

// offerConfig offers the bindings of the configuration that are wanted.
func (r *resolver) offerConfig(wanted func(config.Binding) bool) {
	for _, v := range r.settings.NotInherited {
		r.add(r.at(v.Key, v.Offset), varBinding(v.Name, v.Value), NotInherited)
	}
	if r.options.Programmatic {
		for _, v := range r.settings.Vars {
			r.offer(r.at(v.Key, v.Offset), varBinding(v.Name, v.Value))
		}
		return
	}
	for _, b := range r.settings.Bindings {
		if !wanted(b) {
			r.add(r.at(b.Key, b.Offset), configBinding(b), NotEmulated)
			continue
		}
		r.offer(r.at(b.Key, b.Offset), configBinding(b))
	}
}

// configBinding returns a binding of the configuration as development has it: a resource need not exist.
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

// resourceBinding returns a binding of the configuration that is not a var. The field unsafe can make one of any kind.
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
	r.findings = append(r.findings, l.warnings...)
	dropped, missing := r.droppedNames(), r.requiredSecrets()
	values := &environ{} // what the .env files assign
	for _, f := range l.list {
		r.lint(f)
		for e, source := range f.assignments() {
			name, value := e.Key(), e.Value()
			secret, why := binding.Secret(name, value), cmp.Or(f.unread, dropped(name))
			r.advice = f.advice
			r.add(source, secret, why)
			r.advice = ""
			switch {
			case f.unread != "":
			case source.Origin == FromEnvFile:
				values.assign(name, value, source)
			default:
				delete(missing, name)
				if why == "" {
					r.use(source, secret)
				}
			}
		}
	}
	r.addProcess(l, values, dropped)
	process := &environ{}
	if l.include {
		process = r.process
	}
	expanded, findings := values.expand(process)
	r.findings = append(r.findings, findings...)
	for name, v := range expanded.All() {
		delete(missing, name)
		if dropped(name) == "" {
			r.use(*v.source, binding.Secret(name, v.value))
		}
	}
	r.warnMissing(missing, l.devVars || l.envFiles)
	r.unread = l.list
	return nil
}

// addProcess adds the variables of the process environment. One that has no effect is added only if a file has the name, too,
// since most variables have nothing to do with the project.
func (r *resolver) addProcess(l *localFiles, values *environ, dropped func(string) Reason) {
	listed := map[string]bool{}
	for _, f := range l.list {
		listed[f.source.File] = true
	}
	for name, v := range r.process.All() {
		if v.source.Origin != FromProcess && listed[v.source.File] {
			continue // a variable of a .env file, which has been added
		}
		inFile, ok := values.Get(name)
		why := dropped(name)
		switch {
		case !l.include:
			why = ProcessNotIncluded
		case why != "":
		case ok && v.value == "":
			why = ProcessEmpty
		case ok && v.value == inFile.value:
			why = ProcessSame
		}
		if why == "" || r.names[name] != nil {
			r.add(*v.source, binding.Secret(name, v.value), why)
		}
	}
}

// droppedNames returns a function that returns the reason why a local secret of that name is dropped, "" if it is not.
func (r *resolver) droppedNames() func(string) Reason {
	vars, resources := map[string]bool{}, map[string]bool{}
	for _, v := range r.settings.Vars {
		vars[v.Name] = true
	}
	for _, b := range r.settings.Bindings {
		resources[b.Name] = !isVar(b)
	}
	required := r.requiredSecrets()
	return func(name string) Reason {
		builtin := jsvalue.IsPrototypeName(name)
		switch {
		case name == "__proto__": // in JavaScript an assignment to it makes no property
			return BuiltinName
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

// requiredSecrets returns the names in secrets.required, nil if the configuration does not have the field secrets.
func (p *project) requiredSecrets() map[string]bool {
	if p.settings.Secrets == nil {
		return nil
	}
	names := map[string]bool{}
	for _, secret := range p.settings.Secrets.Required {
		names[secret.Name] = true
	}
	return names
}

// warnMissing reports the required secrets that are missing.
func (r *resolver) warnMissing(missing map[string]bool, loaded bool) {
	if len(missing) == 0 {
		return
	}
	for _, secret := range r.settings.Secrets.Required {
		if missing[secret.Name] && !(loaded && jsvalue.IsPrototypeName(secret.Name)) {
			r.findings = append(r.findings, r.at(secret.Key, secret.Offset).finding(SeverityWarning, RuleMissingSecret,
				"required secret "+secret.Name+" is missing; add it to .dev.vars or .env, or set it as an environment variable"))
		}
	}
}

// offerFlags offers the flags and what `wrangler pages dev` adds to every project. It returns the names that come first in
// the Worker's env.
func (r *resolver) offerFlags(o DevOptions) (first []string) {
	flags, source, separator := o.Vars, Source{Origin: FromFlag, Key: "--var"}, ":"
	var added []binding.Binding
	if r.options.Pages {
		flags, source.Key, separator = o.PagesBindings, "--binding", "="
		r.offer(Source{Origin: FromPages}, binding.Resource("assets", "ASSETS", "{}")) // replaces a binding of the project
		first = append(first, "ASSETS")
		added = r.pagesVars(o)
	}
	given := parseFlags(flags, separator)
	for _, b := range given {
		first = append(first, b.Name())
	}
	for _, b := range added {
		first = append(first, b.Name())
		r.add(Source{Origin: FromPages}, b, "")
		if r.names[b.Name()].used == 0 {
			r.use(Source{Origin: FromPages}, b)
		}
	}
	for _, b := range given {
		r.offer(source, b)
	}
	return first
}

// pagesVars returns the vars of every Pages project. They do not replace those that the project has.
func (r *resolver) pagesVars(o DevOptions) []binding.Binding {
	sha := cmp.Or(o.CommitSHA, strings.Repeat("0", 40))
	short := cmp.Or(o.ShortSHA, sha[:min(8, len(sha))])
	name := cmp.Or(r.settings.Name, r.files.base(r.files.dir))
	return []binding.Binding{
		binding.Var("CF_PAGES", "1"),
		binding.Var("CF_PAGES_BRANCH", cmp.Or(o.Branch, "local")),
		binding.Var("CF_PAGES_COMMIT_SHA", sha),
		binding.Var("CF_PAGES_URL", "https://"+short+"."+name+".pages.dev"),
	}
}

// parseFlags returns the vars of NAME<separator>value arguments. The last argument with a name counts.
func parseFlags(args []string, separator string) []binding.Binding {
	var values jsvalue.Map[binding.Binding]
	for _, arg := range args {
		name, value, _ := strings.Cut(jsvalue.ValidText([]byte(arg)), separator)
		if name != "__proto__" { // in JavaScript an assignment to it makes no property
			values.Set(name, binding.Var(name, value))
		}
	}
	var list []binding.Binding
	for _, b := range values.All() {
		list = append(list, b)
	}
	return list
}

// inDevOrder returns the bindings in the order of Object.keys(env) in the Worker: names that are integers first, then by
// kind. Without the command line there is no Worker and no order of kinds.
func (r *resolver) inDevOrder(first []string) []binding.Binding {
	names := slices.Concat(first, r.bound)
	if !r.options.Programmatic {
		slices.SortStableFunc(names, func(a, b string) int { return devRank(r.winner(a)) - devRank(r.winner(b)) })
	}
	var env jsvalue.Map[binding.Binding]
	env.Grow(len(names))
	for _, name := range names {
		env.Set(name, r.winner(name).Binding)
	}
	list := make([]binding.Binding, 0, env.Len())
	for _, b := range env.All() {
		list = append(list, b)
	}
	return list
}

// devRank returns the place of a binding's kind in the Worker's env.
func devRank(c Candidate) int {
	switch kind := c.Binding.Kind(); {
	case kind == binding.JSON:
		return -3
	case kind == binding.PlainText:
		return -2
	case kind == binding.SecretText:
		return -1
	case c.Source.Origin == FromPages:
		return config.DevOrder("fetcher")
	default:
		return config.DevOrder(string(kind))
	}
}
