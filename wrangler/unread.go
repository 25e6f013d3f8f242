package wrangler

import (
	"slices"
	"strconv"
	"strings"
)

// unreadFindings reports what is lost in files that wrangler does not read: names that nothing else
// binds.
func (r *resolver) unreadFindings() []Finding {
	var findings []Finding
	for _, f := range r.unread {
		if f.unread == "" {
			continue
		}
		names := r.lostNames(f)
		if r.isAsset(f) {
			findings = append(findings, f.source.finding(SeverityWarning, RulePublishedFile,
				"this file is in the directory of assets, which wrangler publishes; move it out, and replace the "+
					"secrets if it was deployed"))
		}
		if len(names) == 0 || f.silent {
			continue
		}
		text := "wrangler does not read this file: " + f.unread.Text() + "; nothing else binds " + listNames(names)
		if f.advice != "" {
			text += "; " + f.advice
		}
		findings = append(findings, f.source.finding(f.lost, RuleUnreadFile, text))
	}
	return slices.Concat(findings, r.notPassedFindings(), r.misnamedConfigs())
}

// misnamedConfigs reports files that are probably meant to be a configuration, if the project has
// none.
func (r *resolver) misnamedConfigs() []Finding {
	if r.location.config != "" || r.envOnly {
		return nil
	}
	var findings []Finding
	for _, d := range r.directories() {
		for _, entry := range r.files.list(d.path) {
			if name := entry.Name(); d.near != above && isMisnamedConfig(name) {
				findings = append(findings, Source{File: r.files.display(r.files.abs(d.path,
					name))}.finding(SeverityWarning, RuleOtherConfig,
					"wrangler does not read a configuration of this name; call it wrangler.json, wrangler.jsonc "+
						"or wrangler.toml, or use --config"))
			}
		}
	}
	return findings
}

// isMisnamedConfig reports whether name looks like that of a configuration, and is none.
func isMisnamedConfig(name string) bool {
	if slices.Contains(configNames, name) {
		return false
	}
	base, extension := cutLast(strings.ToLower(name))
	base, _, _ = strings.Cut(strings.TrimPrefix(base, "."), ".")
	return base == "wrangler" && slices.Contains([]string{"json", "jsonc", "json5", "toml", "tml", "yaml", "yml"},
		extension)
}

// otherFindings reports the configurations that wrangler does not read, if somebody may miss them.
func (r *resolver) otherFindings() []Finding {
	var findings []Finding
	for _, c := range r.others {
		if f, ok := r.otherFinding(c); ok {
			findings = append(findings, f)
		}
	}
	return findings
}

// isAsset reports whether f is in the directory of static assets, and not the file that wrangler
// reads.
func (r *resolver) isAsset(f localFile) bool {
	dir := r.settings.Assets
	if dir == "" || f.unread == Template {
		return false
	}
	dir = r.files.abs(r.location.base, dir)
	return dir != r.location.base && r.files.parent(r.files.abs(r.files.dir, f.source.File)) == dir &&
		!r.isIgnoredAsset(dir)
}

// isIgnoredAsset reports whether a .assetsignore file says something about files of this kind.
func (r *resolver) isIgnoredAsset(dir string) bool {
	file := r.files.abs(dir, ".assetsignore")
	if !r.isSmall(file) {
		return false
	}
	src, err := r.files.read(file)
	return err == nil && (strings.Contains(string(src), ".env") || strings.Contains(string(src), ".dev") ||
		strings.Contains(string(src), ".*"))
}

// lostNames returns the names that f assigns and nothing binds, without those that are for
// wrangler and those that are pieces of values.
func (r *resolver) lostNames(f localFile) []string {
	var names []string
	seen := map[string]bool{}
	for name := range f.file.All() {
		c := r.names[name]
		if !seen[name] && !isSetting(name) && !f.file.IsFragment(name) && (c == nil || c.used == 0) {
			names = append(names, name)
		}
		seen[name] = true
	}
	return names
}

// isSetting reports whether a variable is read by wrangler or Node.js itself.
func isSetting(name string) bool {
	return strings.HasPrefix(name, "CLOUDFLARE_") || strings.HasPrefix(name, "WRANGLER_") || strings.HasPrefix(name,
		"CF_") || name == "NODE_ENV"
}

// listNames returns the first names for a message, and the number of the others. A name that could
// be a piece of a broken value is counted only.
func listNames(names []string) string {
	const most = 5
	var shown []string
	for _, name := range names {
		if len(shown) < most && isConventional(name) {
			shown = append(shown, name)
		}
	}
	text := strings.Join(shown, ", ")
	switch more := len(names) - len(shown); {
	case more == 0:
	case text == "":
		text = strconv.Itoa(more) + " of its names"
	default:
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

// isConventional reports whether name is in capitals, as the names of variables usually are.
func isConventional(name string) bool {
	for i := range len(name) {
		if c := name[i]; !(c >= 'A' && c <= 'Z' || c == '_' || i > 0 && c >= '0' && c <= '9') {
			return false
		}
	}
	return name != "" && len(name) <= 64
}

// notPassedFindings reports the process variables that the project needs and wrangler does not
// bind: nothing else binds them, and a required secret or a file that wrangler does not read has
// the name.
func (r *resolver) notPassedFindings() []Finding {
	var findings []Finding
	required := r.requiredSecrets()
	for name, v := range r.process.All() {
		c := r.names[name]
		if v.in.Origin != FromProcess || isSetting(name) || c != nil && c.used > 0 || !required[name] && !c.isWanted() {
			continue
		}
		text := "is set in the process environment, which wrangler does not bind; "
		switch {
		case r.hasDevVars():
			text += "add it to .dev.vars, since process variables never count where there is a .dev.vars"
		case required[name]:
			continue
		default:
			text += "set CLOUDFLARE_INCLUDE_PROCESS_ENV=true, or list the name in secrets.required"
		}
		findings = append(findings, Finding{Severity: SeverityWarning, Rule: RuleNotPassed, Key: name, Text: text})
	}
	return findings
}

// isWanted reports whether a template or a misnamed file has the name.
func (c *candidates) isWanted() bool {
	return c != nil && slices.ContainsFunc(c.list, func(c candidate) bool {
		dropped := c.comment().dropped
		return dropped == Template || dropped == UnknownFile
	})
}

// hasDevVars reports whether a .dev.vars file is read.
func (r *resolver) hasDevVars() bool {
	for _, f := range r.unread {
		if f.unread == "" && f.source.Origin == FromDevVars {
			return true
		}
	}
	return false
}

// otherFinding returns the finding about c, if there is one.
func (r *resolver) otherFinding(c otherConfig) (Finding, bool) {
	if c.reason == RedirectWins {
		return r.staleFinding(c)
	}
	if r.options.Config != "" || c.near == above {
		return Finding{}, false
	}
	names := r.otherNames(c)
	text := "wrangler does not read this configuration: " + r.files.display(r.location.config) + " counts"
	switch {
	case c.near == inside:
		text += ", although this one is nearer, since it looks for a wrangler.json in all directories above " +
			"before a wrangler.jsonc or wrangler.toml"
	case len(names) > 0:
	default:
		return Source{File: r.files.display(c.path)}.finding(SeverityNote, RuleOtherConfig, text+"; keep one of "+
			"them"), true
	}
	if len(names) > 0 {
		text += "; it has other values for " + listNames(names)
	}
	return Source{File: r.files.display(c.path)}.finding(SeverityWarning, RuleOtherConfig,
		text+"; keep one of them, or use --config "+r.files.display(c.path)), true
}
