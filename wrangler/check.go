package wrangler

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// CheckOptions say what [CheckWith] checks besides the files of a project. The zero value adds
// nothing.
type CheckOptions struct {
	Dev DevOptions // the arguments of wrangler dev

	// RemoteSecrets are the names of the secrets that the deployed Worker has. CheckWith compares
	// them with the secrets that the project needs. Nil means that they are not known, and nothing
	// is compared.
	RemoteSecrets []string
}

// Check is CheckWith without further options.
func Check(o Options) []Finding { return CheckWith(o, CheckOptions{}) }

// maxEnvironments bounds the environments that are checked.
const maxEnvironments = 32

// CheckWith returns everything that is wrong or looks wrong with a project, for `wrangler dev` and
// for `wrangler deploy`. If no environment is selected, it checks the top level and then each
// environment; what an environment has in common with those before it is reported once. The order
// is stable: findings about the configuration, then those about the files beside it, then those
// about the bindings. There is no error result: an error is a finding, too.
func CheckWith(o Options, c CheckOptions) []Finding {
	o.silent = new(sync.Map)
	p, findings := check(o, c)
	if p == nil || p.settings == nil || p.selection() != "" || o.Environment != nil || p.location.redirected() ||
		p.settings.Pages || o.Programmatic {
		return unique(findings)
	}
	names := p.settings.DefinedEnvironments
	if len(names) > 0 { // all of them are checked
		findings = slices.DeleteFunc(findings, func(f Finding) bool { return f.Rule == RuleManyEnvironments })
	}
	for _, name := range names[:min(len(names), maxEnvironments)] {
		if slices.ContainsFunc(findings, func(f Finding) bool {
			return f.Rule == Rule(config.RuleUnknownField) && f.Key == "env."+name
		}) {
			continue // a var that is in the wrong place
		}
		o.Environment = &name
		_, more := check(o, CheckOptions{Dev: c.Dev})
		for _, f := range more {
			if f.Severity != SeverityNote || f.Rule != RuleUnreadFile && f.Rule != RuleNothingBound {
				f.Environment = name
				findings = append(findings, f)
			}
		}
	}
	if more := len(names) - maxEnvironments; more > 0 {
		findings = append(findings, Finding{Severity: SeverityNote, Rule: RuleMore, Text: strconv.Itoa(more) +
			" environments are not checked; use --env"})
	}
	return unique(findings)
}

// check checks a project for one environment.
func check(o Options, c CheckOptions) (*project, []Finding) {
	p, err := load(o)
	if p == nil {
		return nil, Findings(err)
	}
	findings := slices.Clone(p.findings)
	if p.location.config == "" && !o.Pages { // Pages projects often have none
		findings = append(findings, p.noConfigFinding())
	}
	if err != nil {
		return p, findings
	}
	dev := newResolver(p)
	r, err := dev.dev(c.Dev)
	if err == nil && len(r.names) == 0 && len(dev.findings) == 0 && p.location.config != "" {
		dev.report(Source{}, SeverityNote, RuleNothingBound, "wrangler dev binds nothing: there are no vars and no local "+
			"secrets; those of the deployed Worker do not count, and process variables are bound only with "+
			"CLOUDFLARE_INCLUDE_PROCESS_ENV=true or if secrets.required names them")
	}
	if c.RemoteSecrets != nil {
		dev.checkRemote(c.RemoteSecrets)
	}
	findings = slices.Concat(findings, dev.findings, Findings(err))
	if p.settings.Pages { // a Pages project is deployed by other rules
		return p, findings
	}
	deploy := newResolver(p)
	_, err = deploy.deploy(DeployOptions{Vars: c.Dev.Vars, RemoteSecrets: c.RemoteSecrets})
	return p, slices.Concat(findings, deploy.findings, Findings(err))
}

// unique removes the findings that are there before, for whatever environment.
func unique(findings []Finding) []Finding {
	seen := map[string]bool{}
	return slices.DeleteFunc(findings, func(f Finding) bool {
		text := f.Severity.String() + f.String()
		again := seen[text]
		seen[text] = true
		return again
	})
}

// mostLint bounds the findings about one local file.
const mostLint = 1000

// lint reports what looks wrong in a local file, if wrangler reads it.
func (r *resolver) lint(f localFile) {
	if r.envOnly && r.options.Lint == nil {
		return
	}
	count := 0
	report := func(found devvars.Finding) {
		if count++; count <= mostLint {
			r.findings = append(r.findings, f.place(found))
		}
	}
	for found := range f.file.Findings() {
		if !f.isEnvFile() || found.Rule != devvars.RuleUnexpanded {
			report(found)
		}
	}
	if r.options.Lint != nil {
		for found := range r.options.Lint(f.file) {
			if !f.isEnvFile() || !f.hasReference(found.Key) {
				report(found)
			}
		}
	}
	if count > mostLint {
		r.report(f.source, SeverityWarning, RuleMore, strconv.Itoa(count-mostLint)+" more findings in this file")
	}
}

// place returns a finding of package devvars with the name of f.
func (f localFile) place(found devvars.Finding) Finding {
	found.File = f.source.File
	for i := range found.Related {
		found.Related[i].File = f.source.File
	}
	return found
}

// isEnvFile reports whether wrangler expands the values of f.
func (f localFile) isEnvFile() bool { return f.source.Origin == FromEnvFile }

// hasReference reports whether the value of key has a $.
func (f localFile) hasReference(key string) bool {
	value, _ := f.file.Lookup(key)
	return strings.Contains(value, "$")
}

// checkLimits reports what Cloudflare would not deploy even on the paid plan.
func (r *resolver) checkLimits(set binding.Set) {
	var over *binding.LimitError
	if !errors.As(binding.PaidPlan().Check(set), &over) {
		return
	}
	if over.Bindings > 0 {
		r.report(Source{}, SeverityWarning, RuleLimit, fmt.Sprintf("%d vars and secrets are more than the %d of the "+
			"paid plan; remove some, or put several into one JSON var", over.Bindings, over.Limits.Bindings))
	}
	for _, name := range over.TooLarge {
		r.report(r.sourceOf(name), SeverityWarning, RuleLimit, fmt.Sprintf("the value is larger than %d bytes, the most "+
			"that can be deployed; store it elsewhere, for example in KV", over.Limits.ValueBytes))
	}
}

// checkValues reports the vars that `wrangler dev` refuses, since they do not survive JSON: NaN,
// the infinities and dates.
func (r *resolver) checkValues() {
	for _, v := range r.settings.Vars {
		if r.winner(v.Name).Source.Origin == FromConfig && !isJSON(v.Value) {
			r.report(r.at(v.Key, v.Offset), SeverityError, RuleNotJSON,
				"contains NaN, an infinity or a date, which wrangler dev refuses; write it as a string")
		}
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

// The variables that name the database of a Hyperdrive binding in development, the second one
// obsolete.
const (
	hyperdriveVariable    = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_"
	oldHyperdriveVariable = "WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_"
)

// checkHyperdrive reports the Hyperdrive bindings that `wrangler dev` refuses since they have no
// local database.
func (r *resolver) checkHyperdrive() {
	for _, b := range r.settings.Bindings {
		if b.Type != "hyperdrive" || b.Fields.Get("remote").Truthy() {
			continue
		}
		if text := r.hyperdriveProblem(b); text != "" {
			r.report(r.at(b.Key, b.Offset), SeverityError, RuleResource, text)
		}
	}
}

// hyperdriveProblem returns what is wrong with the local database of b, "" for nothing. The first
// variable that is not empty counts, or else the field.
func (r *resolver) hyperdriveProblem(b config.Binding) string {
	local, old := b.Fields.Get("localConnectionString"), r.process.lookup(oldHyperdriveVariable+b.Name)
	variable := cmp.Or(r.process.value(hyperdriveVariable+b.Name), r.process.value(oldHyperdriveVariable+b.Name))
	switch {
	case variable == "" && old == nil && local.IsUndefined():
		return `needs a local database; set "localConnectionString" or the variable ` + hyperdriveVariable + b.Name +
			r.unreadSetting(hyperdriveVariable+b.Name, oldHyperdriveVariable+b.Name)
	case r.winner(b.Name).Source.Origin == FromConfig && !isDatabaseURL(cmp.Or(variable, local.Text())):
		return "the local connection string must have the form postgres://user:password@host:port/database"
	}
	return ""
}

// unreadSetting says where a local file has one of the names, which are settings that wrangler does
// not read there. It returns "" if there is none.
func (r *resolver) unreadSetting(names ...string) string {
	for _, name := range names {
		if c := r.names[name]; c != nil {
			return "; it is in " + c.list[0].source().String() + ", but wrangler reads it from the process environment " +
				"and from .env in the directory where it runs"
		}
	}
	return ""
}

// isDatabaseURL reports whether miniflare takes s for the URL of a database: one of PostgreSQL or
// MySQL with user, password, host and path.
func isDatabaseURL(s string) bool {
	scheme, user, password, host, ok := cutUserinfo(s)
	u, err := url.Parse(scheme + "://" + host)
	return ok && err == nil && slices.Contains([]string{"postgres", "postgresql", "mysql"}, u.Scheme) &&
		u.Hostname() != "" && u.Path != "" && utf8.ValidString(u.Path) && isEscaped(user) && isEscaped(password)
}

// isEscaped reports whether s is not empty and decodeURIComponent takes it.
func isEscaped(s string) bool {
	decoded, err := url.PathUnescape(s)
	return s != "" && err == nil && utf8.ValidString(decoded)
}
