package wrangler

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// Dev returns the bindings that `wrangler dev` gives the Worker: the vars and resources of the configuration; the
// secrets of .dev.vars or, if there is none, of the .env files, which replace vars of the same name; and the flags in
// o, which replace any binding of the same name. For a Pages project it returns what `wrangler pages dev` gives.
//
// The error joins one *[Error] for everything that wrangler refuses.
func (c *Config) Dev(o DevOptions) (*Resolution, error) { return newResolver(c.project()).dev(o) }

func (r *resolver) dev(d DevOptions) (*Resolution, error) {
	o := r.options
	if r.settings.Pages && !o.Pages && !o.Programmatic && o.Script == "" && r.settings.Main == "" {
		return nil, usageError("this is a Pages project, which wrangler dev refuses; " +
			"use wrangler pages dev, here with --pages")
	}
	r.offerConfig(config.Binding.InDev)
	if err := r.offerLocal(); err != nil {
		return nil, err
	}
	r.files.explore(r.addOtherConfigs)
	first := r.offerFlags(d)
	if !r.envOnly {
		r.files.explore(r.checkFiles)
		r.files.explore(r.checkConfigNames)
		r.checkMeanings()
	}
	if !o.Programmatic {
		r.checkValues()
		r.checkHyperdrive()
	}
	return r.finish(r.inDevOrder(first))
}

// offerConfig offers the bindings of the configuration that are wanted.
func (r *resolver) offerConfig(wanted func(config.Binding) bool) {
	for _, v := range r.settings.NotInherited {
		r.add(r.at(v.Key, v.Offset), varBinding(v.Name, v.Value), remark{dropped: NotInherited})
	}
	if r.options.Programmatic {
		for _, v := range r.settings.Vars {
			r.offer(r.at(v.Key, v.Offset), varBinding(v.Name, v.Value))
		}
		return
	}
	for _, b := range r.settings.Bindings {
		if !wanted(b) {
			r.add(r.at(b.Key, b.Offset), configBinding(b), remark{dropped: NotEmulated})
			continue
		}
		r.offer(r.at(b.Key, b.Offset), configBinding(b))
	}
}

// configBinding returns a binding of the configuration as development has it: a resource need not
// exist.
func configBinding(b config.Binding) binding.Binding {
	if isVar(b) {
		return varBinding(b.Name, b.Value())
	}
	for _, resource := range config.Resources([]config.Binding{b}) {
		if resource.Pending == "" {
			return resourceBinding(resource)
		}
	}
	return resourceBinding(config.Resource{Name: b.Name, Kind: b.Type, Attributes: b.Fields})
}

// resourceBinding returns a binding of the configuration that is not a var. The field unsafe can
// make one of any kind.
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

// offerFlags offers the flags and what `wrangler pages dev` adds to every project. It returns the
// names that come first in the Worker's env.
func (r *resolver) offerFlags(o DevOptions) (first []string) {
	flags, source, separator := o.Vars, Source{Origin: FromFlag, Key: "--var"}, ":"
	var added []binding.Binding
	if r.options.Pages {
		flags, source.Key, separator = o.PagesBindings, "--binding", "="
		r.offer(Source{Origin: FromPages}, binding.Resource("assets", "ASSETS", "{}")) // replaces a binding of the project
		first = append(first, "ASSETS")
		added = r.pagesVars(o)
	}
	r.checkFlags(source, flags, separator)
	given := parseFlags(flags, separator)
	for _, b := range given {
		first = append(first, b.Name())
	}
	for _, b := range added {
		first = append(first, b.Name())
		r.add(Source{Origin: FromPages}, b, remark{})
		if r.names[b.Name()].used == 0 {
			r.use(Source{Origin: FromPages}, b.Name())
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

// checkFlags reports arguments with the separator of the other flag, of which wrangler then takes
// all for the name.
func (r *resolver) checkFlags(source Source, args []string, separator string) {
	for i, arg := range args {
		if !strings.Contains(arg, separator) && strings.ContainsAny(arg, ":=") {
			r.report(source, SeverityWarning, RuleUsage, "argument "+strconv.Itoa(i+1)+" has no "+separator+
				", so wrangler takes all of it for the name; write NAME"+separator+"value")
		}
	}
}

// parseFlags returns the vars of NAME<separator>value arguments. The last argument with a name
// counts.
func parseFlags(args []string, separator string) []binding.Binding {
	var values jsvalue.Map[binding.Binding]
	for _, arg := range args {
		name, value, _ := strings.Cut(jsvalue.ValidText([]byte(arg)), separator)
		if name != "__proto__" { // in JavaScript an assignment to it makes no property
			values.Set(name, binding.Var(name, value))
		}
	}
	return values.Values()
}

// inDevOrder returns the bindings in the order of Object.keys(env) in the Worker: names that are
// integers, then by kind, then those in first. Without the command line there is no Worker and no
// order of kinds.
func (r *resolver) inDevOrder(first []string) []binding.Binding {
	list := make([]binding.Binding, 0, len(r.bound))
	listed := map[string]bool{}
	for _, name := range first {
		if !listed[name] {
			list = append(list, r.winner(name).Binding)
			listed[name] = true
		}
	}
	for _, name := range r.bound {
		if !listed[name] {
			list = append(list, r.winner(name).Binding)
		}
	}
	slices.SortStableFunc(list, func(a, b binding.Binding) int {
		order := jsvalue.CompareKeys(a.Name(), b.Name())
		if order == 0 && !r.options.Programmatic {
			order = r.devRank(a) - r.devRank(b)
		}
		return order
	})
	return list
}

// devRank returns the place of a binding's kind in the Worker's env.
func (r *resolver) devRank(b binding.Binding) int {
	switch b.Kind() {
	case binding.JSON:
		return -3
	case binding.PlainText:
		return -2
	case binding.SecretText:
		return -1
	}
	if r.winner(b.Name()).Source.Origin == FromPages { // ASSETS
		return config.DevOrder("fetcher")
	}
	return config.DevOrder(string(b.Kind()))
}
