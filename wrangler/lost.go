package wrangler

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// fileFindings reports what is lost in files: names that nothing binds, and files that are published.
func (r *resolver) fileFindings() []Finding {
	if r.envOnly {
		return nil
	}
	var findings []Finding
	for _, f := range r.locals {
		if r.isPublished(f) {
			findings = append(findings, f.source.finding(SeverityWarning, RulePublishedFile, "this file is in the "+
				"directory of assets, which wrangler deploy publishes; move it out or list it in .assetsignore, and "+
				"replace the secrets if it was deployed"))
		}
		if f.unread == "" {
			findings = append(findings, r.notBoundFindings(f)...)
		} else if found, ok := r.unreadFinding(f); ok {
			findings = append(findings, found)
		}
	}
	return slices.Concat(findings, r.notPassedFindings(), r.misnamedConfigs())
}

// unreadFinding returns the finding about a file that wrangler does not read, if it has names that
// nothing else binds, or if the user selected it.
func (r *resolver) unreadFinding(f localFile) (Finding, bool) {
	names, all := r.lostNames(f)
	selected := f.unread == OnlyFlagSelects && all > 0
	if f.silent || len(names) == 0 && !selected {
		return Finding{}, false
	}
	text := "wrangler does not read this file: " + f.unread.Text()
	if len(names) > 0 {
		text += "; nothing else binds " + listNames(names)
	}
	if cure := cmp.Or(f.advice, reasons[f.unread].cure); cure != "" {
		text += "; " + cure
	}
	return f.source.finding(f.lost, RuleUnreadFile, text), true
}

// notBoundFindings reports the names of a file that wrangler reads and does not bind.
func (r *resolver) notBoundFindings(f localFile) []Finding {
	dropped, names, first := r.droppedNames(), map[Reason][]string{}, map[Reason]Source{}
	seen := map[string]bool{"__proto__": true} // package devvars reports that one
	for e := range f.file.Assignments() {
		name := e.Key()
		why := dropped(name)
		if why == "" || seen[name] || isSetting(name) || e.IsFragment() {
			continue
		}
		seen[name] = true
		if len(names[why]) == 0 {
			first[why] = f.at(e)
		}
		names[why] = append(names[why], name)
	}
	var findings []Finding
	for _, why := range []Reason{NotRequired, ResourceStays, BuiltinName} {
		if len(names[why]) == 0 {
			continue
		}
		severity := SeverityWarning
		if why == NotRequired && f.isEnvFile() {
			severity = SeverityNote // other tools read .env files, too
		}
		findings = append(findings, first[why].finding(severity, RuleNotBound, "wrangler reads this file, but "+
			"does not bind "+listNames(names[why])+": "+why.Text()+"; "+reasons[why].cure))
	}
	return findings
}

// isPublished reports whether f is in the directory of static assets and is no template.
func (r *resolver) isPublished(f localFile) bool {
	dir := r.settings.Assets
	return dir != "" && f.unread != Template && r.isBelow(r.files.abs(r.files.dir, f.source.File), dir) &&
		!r.isIgnoredAsset(dir)
}

// isIgnoredAsset reports whether a .assetsignore file says something about files of this kind.
func (r *resolver) isIgnoredAsset(dir string) bool {
	src, ok := r.readSmall(r.files.abs(dir, ".assetsignore"))
	return ok && (strings.Contains(string(src), ".env") || strings.Contains(string(src), ".dev") ||
		strings.Contains(string(src), ".*"))
}

// lostNames returns the names that f assigns and nothing binds, and the number of all names, without
// those that are for wrangler and those that are pieces of values.
func (r *resolver) lostNames(f localFile) (lost []string, all int) {
	for name := range f.file.All() {
		if isSetting(name) || f.file.IsFragment(name) {
			continue
		}
		all++
		if r.names[name].winner() == nil {
			lost = append(lost, name)
		}
	}
	return lost, all
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
	for _, f := range r.locals {
		if f.unread == "" && f.source.Origin == FromDevVars {
			return true
		}
	}
	return false
}
