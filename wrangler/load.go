package wrangler

import (
	"errors"
	"slices"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// Config is a project's configuration as it applies to one environment: what wrangler 4.164.0 makes of the
// configuration file, the flags and the process environment. It does not change, and any number of goroutines may use
// it at once; Dev and Deploy read the other files of the project each time.
//
// A Config shows no value when it is printed, logged or dumped. The zero Config is not valid: get one from [Load].
type Config struct {
	project func() *project
}

// project is what a Config is behind its function, out of the reach of reflection.
type project struct {
	options  Options
	files    files
	process  *environ // the process environment, with what the command line reads into it
	location location
	settings *config.Config
	findings []Finding
	lines    syntax.Locator // of the configuration
}

// Load finds and reads the configuration of a project. A project without one is no error: it has no vars and no
// name, and its .dev.vars is looked for in Dir.
//
// The error joins one *[Error] for everything that wrangler would refuse. See [Check] for the warnings as well.
func Load(o Options) (*Config, error) {
	p, err := load(o)
	if err != nil {
		return nil, err
	}
	return &Config{func() *project { return p }}, nil
}

// load returns a project also with an error, if it got as far as to have findings.
func load(o Options) (*project, error) {
	f, err := newFiles(o)
	if err != nil {
		return nil, err
	}
	p := &project{options: o.clone(), files: f, process: newEnviron(o.Process)}
	if err := p.checkUsage(); err != nil {
		return nil, err
	}
	if err := p.loadProcess(); err != nil {
		return nil, err
	}
	if p.location, err = p.locate(); err != nil {
		return nil, err
	}
	raw := jsvalue.ObjectValue(jsvalue.NewObject())
	if file := p.location.config; file != "" {
		if raw, err = p.readConfig(file); err != nil {
			return nil, err
		}
	}
	p.normalize(raw)
	return p, failures(p.findings)
}

func (p *project) checkUsage() error {
	usage := func(text string) error { return &Error{Finding: Finding{Rule: RuleUsage, Text: text}} }
	switch {
	case !p.options.Pages:
		return nil
	case p.options.Environment != nil:
		return usage("pages dev takes no environment; use a branch to choose between production and preview")
	case p.options.Config != "":
		return usage("pages dev takes no path of a configuration")
	case p.options.Script != "":
		return usage("pages dev takes no entry point")
	}
	return nil
}

// readConfig reads a configuration by the ending of its name. Another ending than .toml, .json and .jsonc makes an empty
// configuration of any file, as in wrangler, even of one that does not exist.
func (p *project) readConfig(file string) (jsvalue.Value, error) {
	format := syntax.FormatOf(file)
	if format == syntax.None {
		return jsvalue.ObjectValue(jsvalue.NewObject()), nil
	}
	raw, lines, err := p.parse(file, format)
	p.lines = lines
	return raw, err
}

// loadProcess reads the .env files of Dir into the process environment, which wins over them. Every command of wrangler
// begins with this.
func (p *project) loadProcess() error {
	if p.options.Programmatic {
		return nil
	}
	names := p.options.EnvFiles
	if names == nil {
		names = envFileNames(p.options.Environment)
	} else if err := p.requireEnvFiles(names); err != nil {
		return err
	}
	if err := p.refuseVault(p.files.dir, names); err != nil {
		return err
	}
	process, findings := p.readEnvFiles(p.files.dir, names, nil).expand(p.process)
	p.process = process
	return failures(findings)
}

// requireEnvFiles fails if a file of --env-file is not there, seen from Dir. It is Node.js that refuses this: it looks for
// the flag among all arguments, those of wrangler included.
func (p *project) requireEnvFiles(names []string) error {
	var errs []error
	for _, name := range names {
		if _, err := p.files.read(p.files.verbatim(p.files.dir, name)); err != nil {
			errs = append(errs, p.unreadable(p.files.abs(p.files.dir, name), err))
		}
	}
	return errors.Join(errs...)
}

// envFileNames returns the .env files of an environment, the later over the earlier.
func envFileNames(environment *string) []string {
	names := []string{".env", ".env.local"}
	if environment != nil {
		names = append(names, ".env."+*environment, ".env."+*environment+".local")
	}
	return names
}

// normalize works out what the configuration means.
func (p *project) normalize(raw jsvalue.Value) {
	o := config.Options{
		Path:        p.location.config,
		Redirected:  p.location.redirected(),
		EnvFlag:     p.options.Environment,
		EnvVariable: p.process.lookup("CLOUDFLARE_ENV"),
	}
	if e, ok := p.process.get("CLOUDFLARE_ENV"); ok && e.spot.origin() != FromProcess {
		o.EnvVariableFile = e.spot.source().String()
	}
	settings, problems := config.Normalize(raw, o)
	p.settings = settings
	p.findings = append(p.findings, p.problemFindings(problems)...)
}

// problemFindings returns the findings that problems of the configuration are.
func (p *project) problemFindings(problems []config.Problem) []Finding {
	place := p.placer()
	var findings []Finding
	for _, problem := range problems {
		f := Finding{Rule: Rule(problem.Rule), Key: problem.Key, Text: problem.Text}
		if problem.Severity == config.Warning {
			f.Severity = SeverityWarning
		}
		at := place(problem.Key, problem.Offset)
		f.File, f.Line, f.Column = at.File, at.Line, at.Column
		findings = append(findings, f)
	}
	return findings
}

// placer returns a function that makes a Source of a key path and an offset in the configuration.
func (p *project) placer() func(key string, offset int) Source {
	if p.location.config == "" {
		return func(key string, _ int) Source { return Source{Origin: FromConfig, Key: key} }
	}
	name := p.files.display(p.location.config)
	return func(key string, offset int) Source {
		return Source{Origin: FromConfig, File: name, Key: key}.at(p.lines, offset)
	}
}

// at returns s with the line and column of an offset, if that is not negative.
func (s Source) at(lines syntax.Locator, offset int) Source {
	if offset >= 0 {
		s.Line, s.Column = lines.Position(offset)
	}
	return s
}

// Check returns everything that is wrong or looks wrong with a project, for `wrangler dev` and for `wrangler deploy`, in a
// stable order: errors and warnings of the configuration, then of the files beside it, then of what they make
// together. It has no error: what keeps it from going on is a finding too.
func Check(o Options) []Finding {
	p, err := load(o)
	if p == nil {
		return Findings(err)
	}
	if err != nil {
		return p.findings
	}
	findings := p.check(func(r *resolver) (*Resolution, error) { return r.dev(DevOptions{}) })
	if p.settings.Pages {
		return findings // a Pages project is deployed by other rules
	}
	seen := map[Finding]bool{}
	for _, f := range findings {
		seen[f] = true
	}
	for _, f := range p.check(func(r *resolver) (*Resolution, error) { return r.deploy(DeployOptions{}) }) {
		if !seen[f] {
			findings = append(findings, f)
		}
	}
	return findings
}

// check returns the findings of one way to resolve p.
func (p *project) check(resolve func(*resolver) (*Resolution, error)) []Finding {
	r := &resolver{project: p}
	res, err := resolve(r)
	if err != nil {
		return slices.Concat(p.findings, r.findings, Findings(err))
	}
	return res.findings
}

// Name returns the name of the Worker, "" if the configuration gives none. With an environment selected it is the
// environment's own, or the top level's with "-" and the environment's name appended.
func (c *Config) Name() string { return c.project().settings.Name }

// Environment returns the environment that is selected, and whether one was named at all. The empty name is the top
// level.
func (c *Config) Environment() (string, bool) {
	if e := c.project().settings.TargetEnvironment; e != nil {
		return *e, true
	}
	return "", false
}

// Environments returns the names of the environments that the configuration defines. The caller owns the slice.
func (c *Config) Environments() []string {
	return append([]string(nil), c.project().settings.DefinedEnvironments...)
}

// Path returns the absolute path of the configuration that counts, "" if the project has none.
func (c *Config) Path() string { return c.project().location.config }

// UserPath returns the absolute path of the configuration that the user wrote. It is Path unless a build tool has
// redirected wrangler to a generated one.
func (c *Config) UserPath() string { return c.project().location.user }

// IsPages reports whether this is the configuration of a Pages project.
func (c *Config) IsPages() bool { return c.project().settings.Pages }

// RequiredSecrets returns the names in secrets.required in their order, and whether the configuration has the field
// secrets at all: with it, even if empty, only these names and those of vars are taken from local files. The caller owns
// the slice.
func (c *Config) RequiredSecrets() ([]string, bool) {
	s := c.project().settings.Secrets
	if s == nil {
		return nil, false
	}
	return requiredNames(s), true
}

func requiredNames(s *config.Secrets) []string {
	var names []string
	for _, secret := range s.Required {
		names = append(names, secret.Name)
	}
	return names
}

// Findings returns the warnings about the configuration. The caller owns the slice.
func (c *Config) Findings() []Finding { return append([]Finding(nil), c.project().findings...) }

// String returns a placeholder.
func (c *Config) String() string { return "[wrangler.Config]" }

// GoString returns a placeholder, as String does.
func (c *Config) GoString() string { return c.String() }
