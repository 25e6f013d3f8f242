package wrangler

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// LooksSecret reports whether b is a var whose name or value looks like a secret: a name that ends
// with a word such as TOKEN or PASSWORD, a key of a known service, a private key, or a URL with a
// password. Placeholders do not. Of a JSON var the members count as well.
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

// valueFindings reports values that cannot be meant where they are.
func (r *resolver) valueFindings() []Finding {
	return slices.Concat(r.secretVars(), r.textOverJSON(), r.settingFindings())
}

// secretVars reports the vars of the configuration that look like secrets, and those that are
// references, which wrangler does not resolve.
func (r *resolver) secretVars() []Finding {
	var findings []Finding
	for _, v := range r.settings.Vars {
		at := r.at(v.Key, v.Offset)
		if why := inTexts(v.Name, v.Value, secretReason); why != "" && !slices.Contains(credentials, v.Name) {
			findings = append(findings, at.finding(SeverityWarning, RuleSecretVar, why+", and vars can be read in the "+
				"repository and in the dashboard; use wrangler secret put "+v.Name+", and .dev.vars for development"))
		}
		if why := inTexts(v.Name, v.Value, referenceReason); why != "" {
			findings = append(findings, at.finding(SeverityWarning, RuleReference, why+", so the Worker gets this "+
				"text; use wrangler secret put "+v.Name+", or --var "+v.Name+":value if it is no secret"))
		}
	}
	return findings
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
	case isKey(value):
		return "the value looks like the key of a service"
	case isSecretName(name) && !isAddress(value):
		return "the name says that this is a secret"
	}
	return ""
}

// keyPrefixes start the keys of services. The number is the shortest length of such a key.
var keyPrefixes = map[string]int{
	"sk_live_": 16, "rk_live_": 16, "sk_test_": 16, "rk_test_": 16, "whsec_": 16, "ghp_": 20, "gho_": 20,
	"ghs_": 20, "ghu_": 20, "ghr_": 20, "github_pat_": 20, "glpat-": 16, "AKIA": 20, "ASIA": 20, "xoxb-": 16,
	"xoxp-": 16, "xoxa-": 16, "xapp-": 16, "sk-ant-": 20, "sk-proj-": 20, "sk-or-": 20, "sk-": 32, "SG.": 20,
	"npm_": 20, "hf_": 20, "dop_v1_": 20, "shpat_": 20, "shpss_": 20, "pypi-": 20, "AIza": 30, "key-": 32,
	"re_": 24, "sbp_": 20, "PMAK-": 20, "EAACEdEose0cBA": 20, "ya29.": 20, "dckr_pat_": 20, "rnd_": 20,
	"lin_api_": 20, "figd_": 20, "tfp_": 20, "gsk_": 20, "pul-": 20, "AGE-SECRET-KEY-": 20,
}

func isKey(value string) bool {
	if len(value) > 512 || strings.ContainsAny(value, " \t\r\n/:") {
		return false
	}
	for n := 3; n <= min(len(value), 16); n++ {
		if most, ok := keyPrefixes[value[:n]]; ok && len(value) >= most {
			return true
		}
	}
	return false
}

// hasPassword reports whether value is a URL with a password that is not a placeholder.
func hasPassword(value string) bool {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(value), "://")
	if !ok || len(scheme) > 32 || len(value) > 4096 {
		return false
	}
	authority, _, _ := strings.Cut(rest, "/")
	user, host, ok := cutAt(authority)
	_, password, withPassword := strings.Cut(user, ":")
	return ok && withPassword && host != "" && password != "" && !isPlaceholder(password)
}

// cutAt cuts s at its last @.
func cutAt(s string) (before, after string, ok bool) {
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return "", s, false
}

// isAddress reports whether value is a URL or a path, which names such as TOKEN_ENDPOINT have.
func isAddress(value string) bool {
	u, err := url.Parse(value)
	return err == nil && (u.Scheme != "" && u.Host != "" || strings.HasPrefix(value, "/"))
}

// The words that end the names of secrets, and those that keep a name from being one.
var (
	secretWords = []string{"SECRET", "SECRETS", "TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL",
		"CREDENTIALS", "APIKEY", "PWD"}
	keyWords = []string{"API", "SECRET", "PRIVATE", "ACCESS", "ENCRYPTION", "SIGNING", "ROLE", "AUTH", "MASTER",
		"SERVICE", "HMAC", "JWT"}
	publicWords = []string{"PUBLIC", "PUBLISHABLE", "ANON", "SITE", "NEXT_PUBLIC", "VITE"}
)

// isSecretName reports whether the last words of name are those of a secret.
func isSecretName(name string) bool {
	words := nameWords(name)
	if len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(publicWords, w) }) {
		return false
	}
	last := words[len(words)-1]
	return slices.Contains(secretWords, last) || len(words) > 1 && last == "KEY" &&
		slices.Contains(keyWords, words[len(words)-2])
}

// nameWords returns the words of a name in capitals, without a number at the end: DB PASSWORD for
// dbPassword2.
func nameWords(name string) []string {
	if len(name) > 256 {
		return nil
	}
	var b strings.Builder
	lower := false
	for _, r := range strings.TrimRight(name, "0123456789_-") {
		if lower && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(unicode.ToUpper(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' })
}

// placeholders stand for a value that is still to be written, or for none.
var placeholders = []string{
	"", "-", "none", "null", "undefined", "true", "false", "test", "dev", "local", "default", "n/a", "secret",
	"password", "token", "pass", "postgres", "root", "mysql", "admin", "user", "enabled", "disabled",
}

// placeholderParts are in values that are still to be written.
var placeholderParts = []string{
	"changeme", "change-me", "change_me", "your", "placeholder", "example", "dummy", "todo", "xxx", "<", "{{",
	"${", "replace", "redacted", "***", "...", "set-in", "set via", "wrangler secret",
}

func isPlaceholder(value string) bool {
	value = strings.ToLower(strings.TrimSpace(value))
	if slices.Contains(placeholders, value) || len(value) <= 8 && strings.Trim(value, "0123456789.") == "" {
		return true
	}
	return len(value) < 200 && slices.ContainsFunc(placeholderParts,
		func(part string) bool { return strings.Contains(value, part) })
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

// textOverJSON reports JSON vars that are replaced by texts: in JavaScript the text "false" is
// true.
func (r *resolver) textOverJSON() []Finding {
	var findings []Finding
	for _, v := range r.settings.Vars {
		w := r.winner(v.Name)
		if v.Value.Is(jsvalue.String) || w.Source.Origin == FromConfig || w.Source.Origin == "" ||
			w.Binding.Kind() == binding.JSON {
			continue
		}
		f := w.Source.finding(SeverityWarning, RuleTextOverJSON, r.replacedBy(v))
		if f.Key == "" || w.Source.Origin == FromFlag {
			f.Key = v.Name
		}
		f.Related = []devvars.Place{r.at(v.Key, v.Offset).position()}
		findings = append(findings, f)
	}
	return findings
}

func (r *resolver) replacedBy(v config.Var) string {
	text := "replaces the var at " + r.at(v.Key, v.Offset).String() + ", " + v.Value.Describe() + ", by a text; "
	if v.Value.Is(jsvalue.Bool) {
		return text + `in JavaScript every text but "" is true, also "false"; compare the text, or leave the var as it is`
	}
	return text + "let the code parse it, or leave the var as it is"
}
