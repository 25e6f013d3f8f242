package wrangler

import (
	"strings"

	"github.com/workerenv/workerenv/devvars"
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
	dropped  func(name string) Reason // why a secret of that name does not count, "" if it does
}

// readLocal reads .dev.vars or, if there is none, the .env files. The files that wrangler does not
// read are read for the explanation.
func (p *project) readLocal() (*localFiles, error) {
	l := &localFiles{project: p, dropped: p.droppedNames()}
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
