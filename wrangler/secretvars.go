package wrangler

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// LooksSecret reports whether b is a var whose name or value looks like a secret: a name that ends with a word such as
// TOKEN or PASSWORD, a key of a known service, a private key, or a URL with a password. Placeholders do not. The
// members of a JSON var are checked, too.
func LooksSecret(b binding.Binding) bool {
	v, ok := b.Value()
	switch {
	case !ok:
		return false
	case b.Kind() == binding.PlainText:
		return secretReason(b.Name(), v.Reveal()) != ""
	case b.Kind() == binding.JSON:
		content, err := syntax.Parse([]byte(v.Reveal()), syntax.JSONC)
		return err == nil && inTexts(b.Name(), content, secretReason) != ""
	}
	return false
}

// inTexts returns the first result of f that is not "", for the texts in v and the names of the
// members that have them.
func inTexts(name string, v jsvalue.Value, f func(name, text string) string) string {
	if v.Is(jsvalue.String) {
		return f(name, v.Text())
	}
	for _, item := range v.Items() {
		if found := inTexts(name, item, f); found != "" {
			return found
		}
	}
	for name, member := range v.Object().All() {
		if found := inTexts(name, member, f); found != "" {
			return found
		}
	}
	return ""
}

// checkMeanings reports values that cannot be meant where they are.
func (r *resolver) checkMeanings() {
	r.checkVars()
	r.checkReplaced()
	r.checkSettings()
}

// checkVars reports the vars of the configuration that look like secrets, and those that are
// references, which wrangler does not resolve.
func (r *resolver) checkVars() {
	for _, v := range r.settings.Vars {
		at, put := r.at(v.Key, v.Offset), "use "+r.secretPut(v.Name)
		if why := inTexts(v.Name, v.Value, secretReason); why != "" && !slices.Contains(credentials, v.Name) {
			r.report(at, SeverityWarning, RuleSecretVar, why+", and vars can be read in the repository and in the "+
				"dashboard; "+put+", and .dev.vars for development")
		}
		if why := inTexts(v.Name, v.Value, referenceReason); why != "" {
			r.report(at, SeverityWarning, RuleReference, why+", so the Worker gets this text; "+put+
				", or --var "+v.Name+":value if it is no secret")
		}
	}
}

// secretReason returns why a var looks like a secret, "" if it does not.
func secretReason(name, value string) string {
	switch {
	case hasPassword(value):
		return "the value is a URL with a password"
	case isPlaceholder(value) || referenceReason(name, value) != "":
		return ""
	case strings.Contains(value, "PRIVATE KEY-----"):
		return "the value is a private key"
	case isServiceKey(value):
		return "the value looks like the key of a service"
	case isSecretName(name) && !isAddress(value):
		return "the name says that this is a secret"
	}
	return ""
}

// serviceKey matches the keys of services, by how they start.
var serviceKey = regexp.MustCompile(`^((sk|rk)_(live|test)_|whsec_|glpat-|xox[abp]-|xapp-).{8}|` +
	`^(gh[porsu]_|github_pat_|(AKIA|ASIA)|sk-(ant|proj|or)-|SG\.|npm_|hf_|dop_v1_|shp(at|ss)_|pypi-|sbp_|PMAK-|` +
	`EAACEdEose0cBA|ya29\.|dckr_pat_|rnd_|lin_api_|figd_|tfp_|gsk_|pul-|AGE-SECRET-KEY-|re_.{4}).{16}|` +
	`^(AIza|sk-|key-).{26}`)

// isServiceKey reports whether value is one word that starts like the key of a service.
func isServiceKey(value string) bool {
	return len(value) <= 512 && !strings.ContainsAny(value, " \t\r\n/:") && serviceKey.MatchString(value)
}

// hasPassword reports whether value is a URL with a password that is not a placeholder.
func hasPassword(value string) bool {
	_, _, password, host, ok := cutUserinfo(value)
	return ok && len(value) <= 4096 && host != "" && !strings.ContainsAny(host[:1], "/?#") && !isPlaceholder(password)
}

// cutUserinfo cuts a URL into its scheme, user, password and what follows. The user and the password
// may have any characters, which url.Parse does not allow.
func cutUserinfo(s string) (scheme, user, password, host string, ok bool) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(s), "://")
	authority := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority = rest[:end]
	}
	at := strings.LastIndexByte(authority, '@')
	if at < 0 {
		return "", "", "", "", false
	}
	user, password, _ = strings.Cut(rest[:at], ":")
	return scheme, user, password, rest[at+1:], true
}

// isAddress reports whether value is a URL or a path, which names such as TOKEN_ENDPOINT have.
func isAddress(value string) bool {
	u, err := url.Parse(value)
	return err == nil && (u.Scheme != "" && u.Host != "" || strings.HasPrefix(value, "/"))
}

// secretName matches names of secrets, publicName those that are none although they look so, and
// newWord where a word starts in camelCase. Names are in capitals with underscores.
var (
	secretName = regexp.MustCompile(`(^|_)(SECRETS?|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|APIKEY|PWD|` +
		`(API|SECRET|PRIVATE|ACCESS|ENCRYPTION|SIGNING|ROLE|AUTH|MASTER|SERVICE|HMAC|JWT)_KEY)$`)
	publicName = regexp.MustCompile(`(^|_)(PUBLIC|PUBLISHABLE|ANON|SITE|VITE)(_|$)`)
	newWord    = regexp.MustCompile(`(\p{Ll})(\p{Lu})`)
)

// isSecretName reports whether the last words of name are those of a secret, as in dbPassword2.
func isSecretName(name string) bool {
	if len(name) > 256 {
		return false
	}
	words := strings.ToUpper(newWord.ReplaceAllString(strings.TrimRight(name, "0123456789_-"), "${1}_$2"))
	words = strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(words)
	return secretName.MatchString(words) && !publicName.MatchString(words)
}

// placeholder matches what stands for a value that is still to be written, or for none.
var placeholder = regexp.MustCompile(`(?i)^(|-|none|null|undefined|true|false|yes|no|on|off|test|dev|local|default|` +
	`n/a|secret|password|token|pass|postgres|root|mysql|admin|user|enabled|disabled|[0-9.]{1,8})$|` +
	`change[-_]?me|your|placeholder|example|dummy|todo|xxx|<|\{\{|\$\{|replace|redacted|\*\*\*|\.\.\.|set-in|set via|` +
	`wrangler secret`)

func isPlaceholder(value string) bool {
	return len(value) < 200 && placeholder.MatchString(strings.TrimSpace(value))
}

// secretReference matches a text that other tools look up or decrypt, and variableReference one with
// the name of a variable, which shells, CI systems and build tools replace.
var (
	secretReference   = regexp.MustCompile(`^(op://|encrypted:|vault:|secretref\+|ref\+|bws://|doppler://|infisical://)`)
	variableReference = regexp.MustCompile(`\$\{\{|\$\{[A-Z_][A-Z0-9_]*\}|^(\$[A-Z_][A-Z0-9_]*|%[A-Z_][A-Z0-9_]*%|` +
		`\{\{ *[A-Z_][A-Z0-9_]* *\}\}|(process|import\.meta)\.env\.\w+)$`)
)

// referenceReason returns why a var is a reference that wrangler does not resolve, "" if it is none.
func referenceReason(_, value string) string {
	switch {
	case secretReference.MatchString(value):
		return "the value is a reference to a secret of another tool, which wrangler does not resolve"
	case variableReference.MatchString(value):
		return "the value refers to a variable, and wrangler replaces no variables in a configuration"
	}
	return ""
}

// checkReplaced reports JSON vars that are replaced by texts: in JavaScript the text "false" is true.
// It also reports names with a dot that are probably meant to replace a member of a JSON var.
func (r *resolver) checkReplaced() {
	objects := map[string]bool{}
	for _, v := range r.settings.Vars {
		objects[v.Name] = v.Value.Object() != nil
	}
	for name := range r.boundNames() {
		if parent, member, ok := strings.Cut(name, "."); ok && objects[parent] && member != "" {
			r.report(r.winner(name).Source, SeverityWarning, RuleTextOverJSON, "has no effect on the JSON var "+parent+
				", since a name with a dot is a binding of its own; change the var, or use an environment for development")
		}
	}
	for _, v := range r.settings.Vars {
		w := r.winner(v.Name)
		if v.Value.Is(jsvalue.String) || w.Source.Origin == FromConfig || w.Source.Origin == "" ||
			w.Binding.Kind() == binding.JSON {
			continue
		}
		at, text := r.at(v.Key, v.Offset), "let the code parse it, or leave the var as it is"
		if v.Value.Is(jsvalue.Bool) {
			text = `in JavaScript every text but "" is true, also "false"; compare the text, or leave the var as it is`
		}
		f := w.Source.finding(SeverityWarning, RuleTextOverJSON, "replaces the var at "+at.String()+", "+
			v.Value.Describe()+", by a text; "+text)
		f.Key, f.Related = v.Name, []devvars.Place{at.position()}
		r.findings = append(r.findings, f)
	}
}
