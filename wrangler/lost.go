package wrangler

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// checkFiles reports what is lost in files: names that nothing binds, and files that are published.
func (r *resolver) checkFiles() {
	for _, f := range r.locals.list {
		if r.isPublished(f) {
			r.report(f.source, SeverityWarning, RulePublishedFile, "this file is in the directory of assets, which wrangler "+
				"deploy publishes; move it out or list it in .assetsignore, and replace the secrets if it was deployed")
		}
		if f.unread == "" {
			r.checkRead(f)
		} else if !f.silent {
			r.checkUnread(f)
		}
	}
	r.checkProcess()
}

// checkUnread reports a file that wrangler does not read, if it has names that nothing else binds, or
// if the user selected it.
func (r *resolver) checkUnread(f localFile) {
	names, all := r.lostNames(f)
	if len(names) == 0 && (f.unread != OnlyFlagSelects || all == 0) {
		return
	}
	text := "wrangler does not read this file: " + f.unread.Text()
	if len(names) > 0 {
		text += "; nothing else binds " + listNames(names)
	}
	if cure := cmp.Or(f.advice, reasons[f.unread].cure); cure != "" {
		text += "; " + cure
	}
	r.report(f.source, f.lost, RuleUnreadFile, text)
}

// checkRead reports the names of a file that wrangler reads and does not bind.
func (r *resolver) checkRead(f localFile) {
	dropped, names, first := r.locals.dropped, map[Reason][]string{}, map[Reason]Source{}
	seen := map[string]bool{"__proto__": true} // package devvars reports that one
	for e := range f.file.Assignments() {
		name := e.Key()
		if why := dropped(name); why != "" && !seen[name] && !isSetting(name) && !e.IsFragment() {
			seen[name] = true
			if len(names[why]) == 0 {
				first[why] = f.at(e)
			}
			names[why] = append(names[why], name)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(names)) {
		severity := SeverityWarning
		if why == NotRequired && f.isEnvFile() {
			severity = SeverityNote // other tools read .env files, too
		}
		r.report(first[why], severity, RuleNotBound, "wrangler reads this file, but does not bind "+
			listNames(names[why])+": "+why.Text()+"; "+reasons[why].cure)
	}
}

// ignoresEnv matches a .assetsignore file that has files of this kind.
var ignoresEnv = regexp.MustCompile(`\.(env|dev|\*)`)

// isPublished reports whether f is in the directory of static assets and is no template.
func (r *resolver) isPublished(f localFile) bool {
	dir := r.settings.Assets
	if dir == "" || f.unread == Template || !r.isBelow(r.files.abs(r.files.dir, f.source.File), dir) {
		return false
	}
	ignored, _ := r.readSmall(r.files.abs(dir, ".assetsignore"))
	return !ignoresEnv.Match(ignored)
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
	return name == "NODE_ENV" || strings.HasPrefix(name, "CLOUDFLARE_") || strings.HasPrefix(name, "WRANGLER_") ||
		strings.HasPrefix(name, "CF_")
}

// listNames returns the first names for a message, and the number of the others. A name that could
// be a piece of a broken value is counted only.
func listNames(names []string) string {
	const most = 5
	var shown []string
	for _, name := range names {
		if len(shown) < most && conventional.MatchString(name) {
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

// conventional matches names in capitals, as those of variables usually are.
var conventional = regexp.MustCompile(`^[A-Z_][A-Z0-9_]{0,63}$`)

// checkProcess reports the process variables that the project needs and wrangler does not bind:
// nothing else binds them, and a required secret or a file that wrangler does not read has the name.
func (r *resolver) checkProcess() {
	const include = "CLOUDFLARE_INCLUDE_PROCESS_ENV"
	if r.locals.devVars && strings.EqualFold(r.process.value(include), "true") {
		r.report(Source{Key: include}, SeverityNote, RuleNotPassed, "has no effect, since process variables never "+
			"count where there is a .dev.vars; move what is needed to .dev.vars, or rename that file to .env")
	}
	required := r.requiredSecrets()
	for name, v := range r.process.All() {
		c := r.names[name]
		if v.in.Origin != FromProcess || isSetting(name) || c.winner() != nil || !required[name] && !c.isWanted() {
			continue
		}
		text := "is set in the process environment, which wrangler does not bind; "
		switch {
		case r.locals.devVars:
			text += "add it to .dev.vars, since process variables never count where there is a .dev.vars"
		case required[name]:
			continue
		default:
			text += "set " + include + "=true, or list the name in secrets.required"
		}
		r.report(Source{Key: name}, SeverityWarning, RuleNotPassed, text)
	}
}

// isWanted reports whether a template or a misnamed file has the name.
func (c *candidates) isWanted() bool {
	return c != nil && slices.ContainsFunc(c.list, func(c candidate) bool {
		dropped := c.comment().dropped
		return dropped == Template || dropped == UnknownFile
	})
}
