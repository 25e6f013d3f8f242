package wrangler

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/wrangler/internal/config"
)

// The variables that name the database which stands for a Hyperdrive binding while developing, and an older name of them.
const (
	hyperdriveVariable    = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_"
	oldHyperdriveVariable = "WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_"
)

// checkHyperdrive reports the Hyperdrive bindings that `wrangler dev` refuses since it has no database for them.
func (r *resolver) checkHyperdrive() {
	if r.options.Programmatic {
		return
	}
	place := r.placer()
	for _, b := range r.settings.Bindings {
		if b.Type != "hyperdrive" || b.Fields.Get("remote").Truthy() {
			continue
		}
		if text := r.hyperdriveProblem(b); text != "" {
			at := place(b.Key, b.Offset)
			r.findings = append(r.findings, Finding{
				Rule: RuleResource, File: at.File, Line: at.Line, Column: at.Column, Key: b.Key, Text: text,
			})
		}
	}
}

// hyperdriveProblem tells what is wrong with the database of b, "" for nothing. The first variable that is not empty counts, or else
// the field.
func (r *resolver) hyperdriveProblem(b config.Binding) string {
	local, old := b.Fields.Get("localConnectionString"), r.process.lookup(oldHyperdriveVariable+b.Name)
	variable := cmp.Or(valueOf(r.process.lookup(hyperdriveVariable+b.Name)), valueOf(old))
	if variable == "" && old == nil && local.IsUndefined() {
		return `needs a local database; set "localConnectionString" or the variable ` + hyperdriveVariable + b.Name
	}
	e, _ := r.assigned.get(b.Name)
	if e.spot.origin() == FromConfig && !isDatabaseURL(cmp.Or(variable, local.Text())) {
		return "its local connection string must be like postgres://user:password@host:port/database"
	}
	return ""
}

func valueOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// isDatabaseURL reports whether s is what miniflare takes for the address of a database: a URL of PostgreSQL or MySQL with user,
// password, host and a path.
func isDatabaseURL(s string) bool {
	scheme, rest, _ := strings.Cut(strings.Trim(s, " \t\r\n\f"), "://")
	switch strings.ToLower(scheme) {
	case "postgres", "postgresql", "mysql":
	default:
		return false
	}
	if end := strings.IndexAny(rest, "?#"); end >= 0 {
		rest = rest[:end]
	}
	authority, database, ok := strings.Cut(rest, "/")
	at := strings.LastIndexByte(authority, '@')
	if !ok || at < 0 {
		return false
	}
	user, password, _ := strings.Cut(authority[:at], ":")
	return user != "" && password != "" && isHost(authority[at+1:]) && isEscaped(user) && isEscaped(password) && isEscaped(database)
}

// isEscaped reports whether decodeURIComponent takes s, whatever else than % is in it.
func isEscaped(s string) bool {
	decoded, err := url.PathUnescape(s)
	return err == nil && utf8.ValidString(decoded)
}

// isHost reports whether s is a host, with a port or without.
func isHost(s string) bool {
	host := s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		port := s[i+1:]
		if _, err := strconv.ParseUint(port, 10, 16); err != nil && port != "" {
			return false
		}
		host = s[:i]
	}
	return host != "" && !strings.ContainsAny(host, " #/<>?@\\^|\x00\t\n\r")
}
