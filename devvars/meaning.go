package devvars

import (
	"regexp"
	"strings"
)

// backslashes adds a finding about the first backslash in v that does not do what it looks like.
func (l *linter) backslashes(v valueText) {
	inDouble := v.quote == '"'
	if strings.HasPrefix(strings.TrimSpace(v.text), pemBegin) {
		if i := strings.Index(v.text, `\n`); i >= 0 && !inDouble {
			l.add(v.at+i, RulePEMLineEnds)
			return
		}
		if i := strings.Index(v.text, `\\n`); i >= 0 {
			l.add(v.at+i, RulePEMLineEnds, `the PEM text has a backslash before each line break; write \n, not \\n`)
			return
		}
	}
	isPath := inDouble && isPath(v.text)
	if i := lineEscape(v.text); inDouble && i >= 0 && (isPath || otherEscape.MatchString(v.text)) {
		l.add(v.at+i, RulePathEscape)
		return
	}
	for i := 0; v.quote != 0 && i+1 < len(v.text); i++ {
		if v.text[i] != '\\' {
			continue
		}
		switch next := v.text[i+1]; {
		case next == v.quote,
			inDouble && next == '\\' && (i > 0 || !isPath),
			inDouble && !isPath && strings.IndexByte("tux0'`", next) >= 0:
			l.add(v.at+i, RuleLiteralEscape)
			return
		case next == '\\':
			i++
		}
	}
}

// lineEscape returns the position of the first \n or \r in s, -1 if there is none.
func lineEscape(s string) int {
	n, r := strings.Index(s, `\n`), strings.Index(s, `\r`)
	if n < 0 || r < 0 {
		return max(n, r)
	}
	return min(n, r)
}

// isPath reports whether s has the sign of a Windows path: a drive, a server, or the name of a
// directory or variable that paths start with.
func isPath(s string) bool {
	for _, prefix := range []string{`\\`, `.\`, `..\`, `~\`} {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	if strings.HasPrefix(s, "%") && strings.Contains(s, `%\`) {
		return true
	}
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ':' && s[i+1] == '\\' && isLetter(s[i-1]) && (i == 1 || !isLetter(s[i-2])) {
			return true
		}
	}
	return false
}

// otherEscape matches a backslash before a letter or digit that no language takes for an escape.
var otherEscape = regexp.MustCompile(`\\[A-Zcdg-mopqswyz1-9]`)

// dollars adds a finding about the first text in v that has a meaning in .env files only: \$,
// ${NAME}, or $NAME if the file has that name.
func (l *linter) dollars(v valueText) {
	if i := strings.Index(v.text, `\$`); i >= 0 {
		l.add(v.at+i, RuleUnexpanded, "the backslash before $ stays in the value, "+
			"since $ has no meaning in .dev.vars; write $ alone")
		return
	}
	for at := 0; ; {
		start, end := findReference(v.text[at:])
		if start < 0 {
			return
		}
		start, at = at+start, at+end
		name, _, _ := parseReference(v.text[start:at])
		isBraced := v.text[start+1] == '{' && name != "" && nameLen(name) == len(name)
		if isBraced || l.find(name) != nil {
			l.add(v.at+start, RuleUnexpanded)
			return
		}
	}
}

// schemes are those of references to secrets that other tools replace, with what follows them.
var schemes = func() map[string]string {
	m := map[string]string{}
	for end, names := range map[string]string{
		":": "encrypted vault bws keyring keychain secretref sops ssm",
		"://": "op 1password onepassword bw bitwarden lpass keeper doppler infisical hcv pass gopass secret secrets " +
			"aws-sm awssm aws-ssm aws-secretsmanager aws-secrets-manager aws-secrets aws-kms awskms asm " +
			"gcp-sm gcpsm gcp-secretmanager gcp-secret gsm sm " +
			"azure-kv azurekv akv azkv azure-keyvault azurekeyvault",
	} {
		for name := range strings.FieldsSeq(names) {
			m[name] = end
		}
	}
	return m
}()

// maxScheme is more than the length of a scheme.
const maxScheme = 32

// isReference reports whether value, without its quotes, is a reference, cipher text or command that
// another tool replaces.
func isReference(value string) bool {
	switch value[0] {
	case '$':
		return strings.HasPrefix(value, "$(") && strings.HasSuffix(value, ")") ||
			strings.HasPrefix(value, "${{") || strings.HasPrefix(value, "$ANSIBLE_VAULT;")
	case '{':
		return strings.HasPrefix(value, "{{") || strings.HasPrefix(value, "{cipher}")
	case '@':
		return strings.HasPrefix(value, "@Microsoft.KeyVault(")
	case 'E':
		return strings.HasPrefix(value, "ENC[") || strings.HasPrefix(value, "ENC(")
	}
	n := strings.IndexByte(value[:min(len(value), maxScheme)], ':')
	if n < 0 {
		return false
	}
	end := schemes[value[:n]]
	if strings.HasPrefix(value, "ref+") {
		end = "://"
	}
	return end != "" && strings.HasPrefix(value[n:], end)
}
