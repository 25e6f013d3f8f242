package wrangler

import (
	"regexp"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// otherConfig is a configuration that wrangler does not read.
type otherConfig struct {
	path  string
	vars  []config.Var
	lines syntax.Locator

	environment *string // whose vars these are, nil for the top level
}

// addOtherConfigs adds the vars of configurations that wrangler does not read, and findings about
// them: those beside the one that is read, those nearer, and the one that the user wrote if a build
// tool generated another.
func (r *resolver) addOtherConfigs() {
	if r.location.config == "" || r.envOnly {
		return
	}
	for _, d := range r.directories() {
		for _, name := range slices.Backward(configNames) {
			file := r.files.abs(d.path, name)
			if file == r.location.config || d.near == assets {
				continue
			}
			if c, ok := r.readOther(file); ok {
				r.addOther(c)
				r.checkOther(c, d.near)
			}
		}
	}
}

// readOther reads a configuration that wrangler does not read. It is ignored if it cannot be read.
func (p *project) readOther(file string) (otherConfig, bool) {
	src, ok := p.readSmall(file)
	raw, err := syntax.Parse(src, syntax.FormatOf(file))
	if !ok || err != nil {
		return otherConfig{}, false
	}
	o := config.Options{Path: file, EnvFlag: p.options.Environment, EnvVariable: p.process.lookup("CLOUDFLARE_ENV")}
	if file == p.location.user && o.EnvFlag == nil && o.EnvVariable == nil {
		o.EnvFlag = p.settings.TargetEnvironment
	}
	c := otherConfig{path: file, lines: syntax.NewLocator(src)}
	if settings, _ := config.Normalize(raw, o); settings != nil {
		c.vars, c.environment = settings.Vars, settings.TargetEnvironment
	}
	return c, true
}

func (r *resolver) addOther(c otherConfig) {
	m := remark{dropped: OtherConfig, advice: "use --config " + r.files.display(c.path) + ", since " +
		r.files.display(r.location.config) + " counts"}
	if c.path == r.location.user {
		m = remark{dropped: RedirectWins, advice: "build again, or delete " + r.files.display(r.location.deploy)}
	}
	for _, v := range c.vars {
		s := Source{Origin: FromConfig, File: r.files.display(c.path), Key: v.Key}
		if v.Offset >= 0 {
			s.Line, s.Column = c.lines.Position(v.Offset)
		}
		r.add(s, varBinding(v.Name, v.Value), m)
	}
}

// checkOther reports c, if somebody may miss it.
func (r *resolver) checkOther(c otherConfig, near nearness) {
	names, at, counts := r.otherNames(c), Source{File: r.files.display(c.path)}, r.files.display(r.location.config)
	switch nearer := r.isBelow(c.path, r.location.base) && r.files.parent(c.path) != r.location.base; {
	case c.path == r.location.user:
		r.checkStale(c, names)
	case r.options.Config != "" || near == above:
	case len(names) == 0 && !nearer:
		r.report(at, SeverityNote, RuleOtherConfig, "wrangler does not read this configuration: "+counts+
			" counts; keep one of them")
	default:
		text := "wrangler does not read this configuration: " + counts + " counts"
		if nearer {
			text += ", although this one is nearer, since wrangler looks for a wrangler.json in all directories above " +
				"before it looks for a wrangler.jsonc or wrangler.toml"
		}
		if len(names) > 0 {
			text += "; it has other values for " + listNames(names)
		}
		r.report(at, SeverityWarning, RuleOtherConfig, text+"; keep one of them, or use --config "+at.File)
	}
}

// checkStale reports a generated configuration if its vars differ from those of c, the user's. The
// names are those of the vars that it lacks or for which it has another value.
func (r *resolver) checkStale(c otherConfig, names []string) {
	if !r.location.redirected() || valueOf(c.environment) != valueOf(r.settings.TargetEnvironment) {
		return
	}
	user := map[string]bool{}
	for _, v := range c.vars {
		user[v.Name] = true
	}
	for _, v := range r.settings.Vars {
		if !user[v.Name] {
			names = append(names, v.Name)
		}
	}
	if len(names) > 0 {
		r.report(Source{File: r.files.display(r.location.config)}, SeverityWarning, RuleRedirectStale,
			"the vars of this generated configuration differ from those of "+r.files.display(c.path)+" for "+
				r.generatedFor()+": "+listNames(names)+"; build again, or delete "+r.files.display(r.location.deploy))
	}
}

// otherNames returns the names of the vars of c that the used configuration lacks, or for which it
// has another value.
func (r *resolver) otherNames(c otherConfig) []string {
	used := map[string]string{}
	for _, v := range r.settings.Vars {
		used[v.Name] = v.Value.JSON()
	}
	var names []string
	for _, v := range c.vars {
		if value, ok := used[v.Name]; !ok || value != v.Value.JSON() {
			names = append(names, v.Name)
		}
	}
	return names
}

// noConfigFinding reports that there is no configuration, and names those that are below Dir.
func (p *project) noConfigFinding() Finding {
	text := "there is no wrangler.json, wrangler.jsonc or wrangler.toml here or in a directory above; "
	if below := p.configsBelow(); len(below) > 0 {
		text += "use --config " + strings.Join(below, " or --config ") + ", or run wrangler in that directory"
	} else {
		text += "check the directory"
	}
	return Finding{Severity: SeverityWarning, Rule: RuleNoConfig, Text: text}
}

// configsBelow returns the names of at most 3 configurations in the directories below Dir, the
// nearest first. It looks at 2 levels with at most 64 directories each.
func (p *project) configsBelow() []string {
	var found []string
	level := []string{p.files.dir}
	for range 3 {
		var next []string
		for _, dir := range level {
			for _, entry := range p.files.list(dir) {
				name := entry.Name()
				file := p.files.abs(dir, name)
				switch {
				case entry.IsDir() && len(next) < 64 && name[0] != '.' && name != "node_modules":
					next = append(next, file)
				case slices.Contains(configNames, name) && entry.Type().IsRegular() && dir != p.files.dir && len(found) < 3:
					found = append(found, p.files.display(file))
				}
			}
		}
		level = next
	}
	return found
}

// misnamed matches names that look like that of a configuration.
var misnamed = regexp.MustCompile(`(?i)^\.?wrangler(\..*)?\.(json|jsonc|json5|toml|tml|yaml|yml)$`)

// checkConfigNames reports files that are probably meant to be a configuration, if the project has
// none.
func (r *resolver) checkConfigNames() {
	if r.location.config != "" {
		return
	}
	for _, d := range r.directories() {
		for _, entry := range r.files.list(d.path) {
			if name := entry.Name(); d.near != above && misnamed.MatchString(name) && !slices.Contains(configNames, name) {
				r.report(Source{File: r.files.display(r.files.abs(d.path, name))}, SeverityWarning, RuleOtherConfig,
					"wrangler does not read a configuration of this name; "+
						"call it wrangler.json, wrangler.jsonc or wrangler.toml, or use --config")
			}
		}
	}
}
