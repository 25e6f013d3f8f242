package wrangler

import (
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
)

// layer is a file of local secrets.
type layer struct {
	origin Origin
	name   string // as messages show it
	file   *devvars.File
	unread Reason // why wrangler does not read it, "" if it does
}

// local is what a project's local files and the process environment give for secrets.
type local struct {
	values    *environ // what is loaded, before names are picked out of it
	layers    []layer  // in the order in which wrangler looks at them
	process   bool     // whether the process environment is included
	fromFiles *environ // the .env files merged, before expansion
	loaded    bool     // whether there is anything at all to load, if only an empty file
	findings  []Finding
}

// readLocal reads .dev.vars, or the .env files if there is none. What it does not read it still looks at, to explain it.
func (p *project) readLocal() (*local, error) {
	l := &local{values: &environ{}, fromFiles: &environ{}}
	envFiles := p.options.EnvFiles
	if p.options.Pages {
		envFiles = nil
	}
	if len(envFiles) == 0 {
		if err := p.readDevVars(l); err != nil {
			return nil, err
		}
	} else {
		p.peek(l, FromDevVars, EnvFileGiven, p.devVarsNames()...)
	}
	names := envFiles
	if names == nil {
		names = envFileNames(p.environment())
	}
	if l.loaded {
		p.peek(l, FromEnvFile, DevVarsPresent, names...)
		return l, nil
	}
	return l, p.loadEnvFiles(l, names)
}

// environment returns what selects the files of an environment: the flag, which Pages does not have.
func (p *project) environment() *string {
	if p.options.Pages {
		return nil
	}
	return p.options.Environment
}

// devVarsNames returns the .dev.vars files, the one that is read if it exists first.
func (p *project) devVarsNames() []string {
	if e := p.environment(); e != nil {
		return []string{".dev.vars." + *e, ".dev.vars"}
	}
	return []string{".dev.vars"}
}

// readDevVars reads the first .dev.vars file that exists.
func (p *project) readDevVars(l *local) error {
	if p.environment() == nil {
		p.peekUnselected(l, ".dev.vars.", FromDevVars)
	}
	for _, name := range p.devVarsNames() {
		if l.loaded {
			p.peek(l, FromDevVars, EnvironmentDevVars, name)
			break
		}
		file := p.files.abs(p.location.base, name)
		src, err := p.files.read(file)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return p.unreadable(file, err)
		}
		l.loaded = true
		f := devvars.Parse(src)
		l.layers = append(l.layers, layer{origin: FromDevVars, name: p.files.display(file), file: f})
		l.values.add(f, FromDevVars, p.files.display(file))
	}
	return nil
}

// peekUnselected looks at the file of the environment that CLOUDFLARE_ENV names and the flag does not.
func (p *project) peekUnselected(l *local, prefix string, origin Origin) {
	if e := p.process.lookup("CLOUDFLARE_ENV"); e != nil && *e != "" {
		p.peek(l, origin, OnlyFlagSelects, prefix+*e)
	}
}

// peek looks at files that are not read, for the explanation only. It leaves alone what is no regular file: to read a pipe
// would wait for somebody to write, who would then think that it was used.
func (p *project) peek(l *local, origin Origin, why Reason, names ...string) {
	for _, name := range names {
		file := p.files.abs(p.location.base, name)
		if info, err := p.files.stat(file); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if src, err := p.files.read(file); err == nil {
			l.layers = append(l.layers, layer{origin, p.files.display(file), devvars.Parse(src), why})
		}
	}
}

// loadEnvFiles reads the .env files, unless that is switched off.
func (p *project) loadEnvFiles(l *local, names []string) error {
	on, err := p.boolean("CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV", true)
	if err != nil {
		return err
	}
	if !on {
		p.peek(l, FromEnvFile, SwitchedOff, names...)
		return nil
	}
	l.process = p.settings.Secrets != nil
	if !l.process {
		if l.process, err = p.boolean("CLOUDFLARE_INCLUDE_PROCESS_ENV", false); err != nil {
			return err
		}
	}
	if p.environment() == nil && p.options.EnvFiles == nil {
		p.peekUnselected(l, ".env.", FromEnvFile)
	}
	if err := p.refuseVault(p.location.base, names); err != nil {
		return err
	}
	l.fromFiles = p.readEnvFiles(p.location.base, names, l)
	process := &environ{}
	if l.process {
		process = p.process
	}
	values, findings := l.fromFiles.expand(process)
	l.values, l.findings = values, append(l.findings, findings...)
	l.loaded = true
	return nil
}

// refuseVault fails if wrangler would decrypt a file beside one of the .env files, which this library does not do.
func (p *project) refuseVault(dir string, names []string) error {
	if valueOf(p.process.lookup("DOTENV_KEY")) == "" {
		return nil
	}
	for _, name := range names {
		vault := strings.TrimSuffix(p.files.abs(dir, name), ".vault") + ".vault"
		if _, err := p.files.stat(vault); err == nil {
			return &Error{Finding: Finding{Rule: RuleVault, File: p.files.display(vault),
				Text: "DOTENV_KEY is set, so that wrangler would decrypt this file, which is not supported; unset the variable, or remove the file"}}
		}
	}
	return nil
}

// readEnvFiles merges the .env files of a directory, the later over the earlier. A file that is missing or cannot be read is
// passed over, as in wrangler; l, unless it is nil, is told of both the files that are read and those that cannot be.
func (p *project) readEnvFiles(dir string, names []string, l *local) *environ {
	merged := &environ{}
	for _, name := range names {
		file := p.files.abs(dir, name)
		shown := p.files.display(file)
		src, err := p.files.read(file)
		if err != nil {
			if l != nil && !isMissing(err) {
				l.findings = append(l.findings, Finding{Severity: SeverityWarning, Rule: RuleFile, File: shown,
					Text: "passed over, since it cannot be read: " + errorText(err)})
			}
			continue
		}
		f := devvars.Parse(src)
		merged.add(f, FromEnvFile, shown)
		if l != nil {
			l.layers = append(l.layers, layer{origin: FromEnvFile, name: shown, file: f})
		}
	}
	return merged
}

// boolean reads a switch of the process environment as wrangler does: true or false in any case of letters.
func (p *project) boolean(name string, otherwise bool) (bool, error) {
	value := p.process.lookup(name)
	if value == nil {
		return otherwise, nil
	}
	switch strings.ToLower(*value) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, &Error{Finding: Finding{Rule: RuleSwitch, Key: name, Text: "must be true or false"}}
}

// note puts everything that the local files and the process environment have into the trail. picked tells why a name that
// is loaded is dropped all the same, "" if it is not.
func (l *local) note(t *trail, process *environ, picked func(name string) Reason) {
	for _, layer := range l.layers {
		layer.note(t, picked)
	}
	said := map[string]bool{}
	for _, layer := range l.layers {
		said[layer.name] = true
	}
	for name, s := range process.all() {
		if s.spot.origin() != FromProcess && said[s.spot.file()] {
			continue // a .env file that the process environment was read from as well
		}
		if why, ok := l.processReason(t, name, s, picked); ok {
			t.note(s.spot, binding.Secret(name, s.value), why)
		}
	}
}

// note puts the assignments of a file into the trail.
func (l layer) note(t *trail, picked func(name string) Reason) {
	in := Source{Origin: l.origin, File: l.name}.spot()
	for e := range l.file.Assignments() {
		why := l.unread
		if why == "" {
			why = picked(e.Key())
		}
		t.noteLine(in.at(e.Pos()), binding.Secret(e.Key(), e.Value()), why)
	}
}

// processReason tells why a process variable is dropped, and whether it is worth a word: the process environment is full
// of variables that have nothing to do with the project.
func (l *local) processReason(t *trail, name string, s setting, picked func(string) Reason) (Reason, bool) {
	if !l.process {
		_, seen := t.get(name)
		return ProcessNotIncluded, seen
	}
	if why := picked(name); why != "" {
		_, seen := t.get(name)
		return why, seen
	}
	file, inFile := l.fromFiles.get(name)
	switch {
	case inFile && s.value == "":
		return ProcessEmpty, true
	case inFile && s.value == file.value:
		return ProcessSame, true
	}
	return "", true
}
