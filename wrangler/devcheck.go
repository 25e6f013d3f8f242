package wrangler

import (
	"cmp"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// checkValues reports the vars that `wrangler dev` refuses, since they do not survive JSON: NaN, the infinities and dates.
func (r *resolver) checkValues() {
	for _, v := range r.settings.Vars {
		if r.winner(v.Name).Source.Origin == FromConfig && !isJSON(v.Value) {
			r.findings = append(r.findings, r.at(v.Key, v.Offset).finding(SeverityError, RuleNotJSON,
				"contains NaN, an infinity or a date, which wrangler dev refuses; write it as a string"))
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

// The variables that name the database of a Hyperdrive binding in development, the second one obsolete.
const (
	hyperdriveVariable    = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_"
	oldHyperdriveVariable = "WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_"
)

// checkHyperdrive reports the Hyperdrive bindings that `wrangler dev` refuses since they have no local database.
func (r *resolver) checkHyperdrive() {
	for _, b := range r.settings.Bindings {
		if b.Type != "hyperdrive" || b.Fields.Get("remote").Truthy() {
			continue
		}
		if text := r.hyperdriveProblem(b); text != "" {
			r.findings = append(r.findings, r.at(b.Key, b.Offset).finding(SeverityError, RuleResource, text))
		}
	}
}

// hyperdriveProblem returns what is wrong with the local database of b, "" for nothing. The first variable that is not
// empty counts, or else the field.
func (r *resolver) hyperdriveProblem(b config.Binding) string {
	local, old := b.Fields.Get("localConnectionString"), r.process.lookup(oldHyperdriveVariable+b.Name)
	variable := cmp.Or(r.process.value(hyperdriveVariable+b.Name), r.process.value(oldHyperdriveVariable+b.Name))
	switch {
	case variable == "" && old == nil && local.IsUndefined():
		return `needs a local database; set "localConnectionString" or the variable ` + hyperdriveVariable + b.Name
	case r.winner(b.Name).Source.Origin == FromConfig && !isDatabaseURL(cmp.Or(variable, local.Text())):
		return "the local connection string must have the form postgres://user:password@host:port/database"
	}
	return ""
}

// isDatabaseURL reports whether miniflare takes s for the URL of a database: one of PostgreSQL or MySQL with user, password,
// host and path. The user and the password may have any characters, which url.Parse does not allow.
func isDatabaseURL(s string) bool {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(s), "://")
	authority, _, _ := strings.Cut(strings.NewReplacer("?", "/", "#", "/").Replace(rest), "/")
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return false
	}
	u, err := url.Parse(scheme + "://" + rest[at+1:])
	if err != nil || u.Hostname() == "" || u.Path == "" || !utf8.ValidString(u.Path) {
		return false
	}
	user, password, _ := strings.Cut(authority[:at], ":")
	return (u.Scheme == "postgres" || u.Scheme == "postgresql" || u.Scheme == "mysql") && isEscaped(user) && isEscaped(password)
}

// isEscaped reports whether s is not empty and decodeURIComponent takes it.
func isEscaped(s string) bool {
	decoded, err := url.PathUnescape(s)
	return s != "" && err == nil && utf8.ValidString(decoded)
}
