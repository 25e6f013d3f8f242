package wrangler

import (
	"cmp"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/jsvalue"
)

// localFile is a .dev.vars or .env file of the project.
type localFile struct {
	source Source // its Origin and File
	file   *devvars.File
	unread Reason // why wrangler does not read it, "" if it does

	// Of a file that wrangler does not read:
	advice string   // what to do so that it does
	lost   Severity // of a finding about names that nothing else binds
	silent bool     // whether there is no such finding
}

// at returns the place of an assignment in f.
func (f *localFile) at(e devvars.Assignment) Source {
	s := f.source
	s.Line, s.Column = e.Pos().Line, e.Pos().Column
	return s
}

// localFiles are the files from which local secrets come, and those that wrangler does not read
// although they are there.
type localFiles struct {
	*project
	list     []localFile // in the order in which wrangler looks at them
	devVars  bool        // whether a .dev.vars file is read
	envFiles bool        // whether .env files are read, if there are any
	include  bool        // whether the process environment counts as well
	warnings []Finding
}

// readLocal reads .dev.vars or, if there is none, the .env files. The files that wrangler does not
// read are read for the explanation.
func (p *project) readLocal() (*localFiles, error) {
	l := &localFiles{project: p}
	err := l.readSelected()
	if !p.envOnly {
		l.files.explore(func() { l.list = append(l.unreadFiles(), l.list...) })
	}
	return l, err
}

// readSelected reads the files that the options select.
func (l *localFiles) readSelected() error {
	names := l.options.EnvFiles
	if l.options.Pages {
		names = nil
	}
	if len(names) == 0 {
		if err := l.addDevVars(); err != nil || l.devVars {
			return err
		}
	}
	if names == nil {
		names = envFileNames(l.environment())
	}
	return l.addEnvFiles(names)
}

// environment returns the environment whose files are read: that of the flag, which Pages does not
// have.
func (p *project) environment() *string {
	if p.options.Pages {
		return nil
	}
	return p.options.Environment
}

// devVarsNames returns the names of the .dev.vars files. The first that exists is read.
func (p *project) devVarsNames() []string {
	if e := p.environment(); e != nil {
		return []string{".dev.vars." + *e, ".dev.vars"}
	}
	return []string{".dev.vars"}
}

// envFileNames returns the names of the .env files. The last that has a name wins.
func envFileNames(environment *string) []string {
	names := []string{".env", ".env.local"}
	if environment != nil {
		names = append(names, ".env."+*environment, ".env."+*environment+".local")
	}
	return names
}

// addDevVars reads the first .dev.vars file that exists.
func (l *localFiles) addDevVars() error {
	for _, name := range l.devVarsNames() {
		file := l.files.abs(l.location.base, name)
		src, err := l.files.read(file)
		switch {
		case isMissing(err):
			continue
		case err != nil:
			return l.unreadable(file, err)
		}
		l.devVars = true
		l.list = append(l.list, l.local(FromDevVars, file, src))
		return nil
	}
	return nil
}

// addEnvFiles reads the .env files, unless that is switched off.
func (l *localFiles) addEnvFiles(names []string) error {
	var err error
	if l.envFiles, err = l.boolean("CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV", true); err != nil || !l.envFiles {
		return err
	}
	l.include = l.settings.Secrets != nil
	if !l.include {
		if l.include, err = l.boolean("CLOUDFLARE_INCLUDE_PROCESS_ENV", false); err != nil {
			return err
		}
	}
	if err := l.refuseVault(l.location.base, names); err != nil {
		return err
	}
	files, findings := l.readEnvFiles(l.location.base, names)
	l.list, l.warnings = append(l.list, files...), findings
	return nil
}

// local returns the local file with the given text.
func (p *project) local(origin Origin, file string, src []byte) localFile {
	return localFile{source: Source{Origin: origin, File: p.files.display(file)}, file: devvars.Parse(src)}
}

// readEnvFiles reads .env files. One that is missing or cannot be read is ignored, as in wrangler;
// the findings are about those that cannot be read.
func (p *project) readEnvFiles(dir string, names []string) (list []localFile, findings []Finding) {
	for _, name := range names {
		file := p.files.abs(dir, name)
		switch src, err := p.files.read(file); {
		case err == nil:
			list = append(list, p.local(FromEnvFile, file, src))
		case !isMissing(err):
			text := "wrangler ignores this file, since it cannot be read: " + errorText(err)
			findings = append(findings, Source{File: p.files.display(file)}.finding(SeverityWarning, RuleFile, text))
		}
	}
	return list, findings
}

// refuseVault returns an error if wrangler would decrypt a file beside one of the .env files, which
// this library does not do.
func (p *project) refuseVault(dir string, names []string) error {
	if p.process.value("DOTENV_KEY") == "" {
		return nil
	}
	for _, name := range names {
		vault := strings.TrimSuffix(p.files.abs(dir, name), ".vault") + ".vault"
		if _, err := p.files.stat(vault); err == nil {
			return &Error{Finding: Finding{Rule: RuleVault, File: p.files.display(vault),
				Text: "DOTENV_KEY is set, so wrangler would decrypt this file, which is not supported; " +
					"unset the variable or remove the file"}}
		}
	}
	return nil
}

// boolean returns the value of a variable that must be true or false, in upper or lower case.
func (p *project) boolean(name string, unset bool) (bool, error) {
	value := p.process.lookup(name)
	if value == nil {
		return unset, nil
	}
	switch strings.ToLower(*value) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, &Error{Finding: Finding{Rule: RuleSwitch, Key: name, Text: "must be true or false"}}
}

// offerLocal offers the local secrets.
func (r *resolver) offerLocal() error {
	l, err := r.readLocal()
	if err != nil {
		return err
	}
	r.findings = append(r.findings, l.warnings...)
	dropped, missing := r.droppedNames(), r.requiredSecrets()
	envFiles := slices.DeleteFunc(slices.Clone(l.list), func(f localFile) bool { return f.unread != "" || !f.isEnvFile() })
	isExpanded := l.include || needsExpansion(envFiles)
	for _, f := range l.list {
		for e := range f.file.Assignments() {
			name, value := e.Key(), e.Value()
			why := cmp.Or(f.unread, dropped(name))
			r.addAssignment(&f, e, value, remark{dropped: why, advice: f.advice})
			if f.unread == "" && !(f.isEnvFile() && isExpanded) {
				delete(missing, name)
				if why == "" {
					r.use(f.at(e), name)
				}
			}
		}
	}
	process, counting := r.process, &environ{}
	if l.include {
		process, _ = r.processWith(func(string) bool { return true })
		counting = process
	}
	r.addProcess(process, l, dropped)
	var findings []Finding
	if isExpanded {
		var expansion *devvars.Expansion
		expansion, findings = expand(counting, envFiles)
		for name, value := range expansion.All() {
			delete(missing, name)
			if dropped(name) == "" {
				r.useSecret(r.winningSource(name, counting), name, value)
			}
		}
	}
	for _, f := range l.list { // only now, since it takes memory
		r.lint(f)
	}
	r.findings = append(r.findings, findings...)
	r.warnMissing(l, missing)
	r.locals = l
	return nil
}

// addProcess adds the variables of the process environment. One that has no effect is added only if
// a file has the name, too, since most variables have nothing to do with the project.
func (r *resolver) addProcess(process *environ, l *localFiles, dropped func(string) Reason) {
	listed := map[string]bool{}
	for _, f := range l.list {
		listed[f.source.File] = true
	}
	for name, v := range process.All() {
		if v.in.Origin != FromProcess && listed[v.in.File] {
			continue // a variable of a .env file, which has been added
		}
		inFile, why := r.names[name].last(FromEnvFile), dropped(name)
		switch {
		case !l.include:
			why = ProcessNotIncluded
		case why != "" || inFile == nil || v.beats(inFile.text()):
		case v.value == "":
			why = ProcessEmpty
		default:
			why = ProcessSame
		}
		if why == "" || r.names[name] != nil {
			r.add(v.source(), binding.Secret(name, v.value), remark{dropped: why})
		}
	}
}

// winningSource returns where a variable of process or of the .env files comes from.
func (r *resolver) winningSource(name string, process *environ) Source {
	inFile := r.names[name].last(FromEnvFile)
	if v, ok := process.Get(name); ok && (inFile == nil || v.beats(inFile.text())) {
		return v.source()
	}
	return inFile.source()
}

// droppedNames returns a function that returns the reason why a local secret of that name is
// dropped, "" if it is not.
func (r *resolver) droppedNames() func(string) Reason {
	resources, taken := map[string]bool{}, r.requiredSecrets()
	if taken != nil {
		for _, v := range r.settings.Vars {
			taken[v.Name] = true
		}
	}
	for _, b := range r.settings.Bindings {
		if !isVar(b) {
			resources[b.Name] = true
		}
	}
	return func(name string) Reason {
		builtin := jsvalue.IsPrototypeName(name)
		switch {
		case name == "__proto__": // in JavaScript an assignment to it makes no property
			return BuiltinName
		case taken != nil && !taken[name] && !builtin:
			return NotRequired
		case r.options.Programmatic:
			return ""
		case resources[name]:
			return ResourceStays
		case builtin:
			return BuiltinName
		}
		return ""
	}
}

// requiredSecrets returns the names in secrets.required, nil if the configuration does not have the
// field secrets.
func (p *project) requiredSecrets() map[string]bool {
	if p.settings.Secrets == nil {
		return nil
	}
	names := map[string]bool{}
	for _, secret := range p.settings.Secrets.Required {
		names[secret.Name] = true
	}
	return names
}

// warnMissing reports the required secrets that are missing.
func (r *resolver) warnMissing(l *localFiles, missing map[string]bool) {
	if len(missing) == 0 {
		return
	}
	cure, loaded := "add it to .dev.vars or .env, or set it as an environment variable", l.devVars || l.envFiles
	if l.devVars {
		cure = "add it to " + l.list[len(l.list)-1].source.File + ", since nothing else counts where that file exists"
	}
	for _, secret := range r.settings.Secrets.Required {
		if missing[secret.Name] && !(loaded && jsvalue.IsPrototypeName(secret.Name)) {
			r.report(r.at(secret.Key, secret.Offset), SeverityWarning, RuleMissingSecret,
				"required secret "+secret.Name+" is missing; "+cure)
		}
	}
}
