package wrangler

import (
	"errors"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/hidden"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/config"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// DevEnv returns the env that `wrangler dev` gives the Worker. It is Load, Config.Dev and
// Resolution.Env in one call, and returns their errors.
func DevEnv(o Options) (binding.Env, error) {
	c, err := Load(o)
	if err != nil {
		return binding.Env{}, err
	}
	p := *c.project()
	p.envOnly = true
	r, err := newResolver(&p).dev(DevOptions{})
	if err != nil {
		return binding.Env{}, err
	}
	return r.Env()
}

// Config is the configuration of a project for one environment: what wrangler 4.164.0 makes of the configuration file,
// the flags and the process environment. It does not change, and any number of goroutines may use it at once. Dev and
// Deploy read the other files of the project each time, but do not read a file again that could not be read within 30
// seconds.
//
// A Config shows no value when it is printed, logged or dumped. The zero Config is not valid;
// [Load] returns a valid one.
type Config struct {
	box hidden.Box[*project]
}

// project is what a Config holds.
type project struct {
	options  Options
	files    files
	environ  *environ // Options.Environ
	process  *environ // the process environment, with the variables of the .env files in Dir that wrangler reads
	location location
	shown    string // the configuration as messages show it
	settings *config.Config
	lines    syntax.Locator // of the configuration
	toml     []byte         // its text if it is TOML
	findings []Finding      // about the configuration
	envOnly  bool           // whether nobody asks for explanations and findings
}

// Load finds and reads the configuration of a project. A project without a configuration is no error: it has no vars
// and no name, and its local files are those in Dir. [Config.Exists] reports whether there is one.
//
// The error joins one *[Error] for everything that wrangler refuses. [Check] reports the warnings
// as well.
func Load(o Options) (*Config, error) {
	p, err := load(o)
	if err != nil {
		return nil, err
	}
	return &Config{hidden.New(p)}, nil
}

func (c *Config) project() *project { return c.box.Get() }

// load returns a project together with the error if the error is about what the configuration means.
func load(o Options) (*project, error) {
	f, err := newFiles(o)
	if err != nil {
		return nil, err
	}
	p := &project{options: o.clone(), files: f, environ: newEnviron(o.Environ)}
	p.process = p.environ
	if err := p.checkUsage(); err != nil {
		return nil, err
	}
	if err := p.loadProcess(); err != nil {
		return nil, err
	}
	if p.location, err = p.locate(); err != nil {
		return nil, err
	}
	if p.location.config != "" {
		p.shown = f.display(p.location.config)
	}
	raw := jsvalue.ObjectValue(jsvalue.NewObject())
	switch format := syntax.FormatOf(p.location.config); {
	case format != syntax.None:
		if raw, p.lines, err = p.parse(p.location.config, format); err != nil {
			return nil, err
		}
		if format == syntax.TOML {
			p.toml = p.lines.Text()
		} else {
			p.checkRepeatedKeys()
		}
	case p.location.config != "":
		p.findings = append(p.findings, p.at("", -1).finding(SeverityWarning, RuleFile, "wrangler takes this "+
			"configuration for an empty one, since its name does not end in .json, .jsonc or .toml; rename it, or name "+
			"a file in it if it is a directory"))
	}
	p.normalize(raw)
	p.checkRedirect()
	return p, failures(p.findings)
}

// checkUsage returns an error for options that `wrangler pages dev` does not take.
func (p *project) checkUsage() error {
	switch o := p.options; {
	case !o.Pages:
		return nil
	case o.Environment != nil:
		return usageError("wrangler pages dev takes no environment; its --branch flag selects production or preview")
	case o.Config != "":
		return usageError("wrangler pages dev takes no path of a configuration; run it in the directory of the project")
	case o.Script != "":
		return usageError("wrangler pages dev takes no entry point; leave it out")
	}
	return nil
}

func usageError(text string) error { return &Error{Finding: Finding{Rule: RuleUsage, Text: text}} }

// loadProcess reads the process environment and the .env files in Dir. Every command of wrangler starts
// with this.
func (p *project) loadProcess() error {
	if !p.options.Programmatic {
		if err := p.requireEnvFiles(p.options.EnvFiles); err != nil {
			return err
		}
	}
	if err := p.refuseVault(p.files.dir, p.processFiles()); err != nil {
		return err
	}
	var findings []Finding
	p.process, findings = p.processWith(isRead)
	return failures(findings)
}

// processFiles returns the names of the .env files in Dir from which the command line of wrangler adds
// variables to the process environment.
func (p *project) processFiles() []string {
	switch {
	case p.options.Programmatic:
		return nil
	case p.options.EnvFiles != nil:
		return p.options.EnvFiles
	}
	return envFileNames(p.options.Environment)
}

// processWith returns the process environment, with the wanted variables of the .env files in Dir added.
// There may be very many others.
func (p *project) processWith(wanted func(name string) bool) (*environ, []Finding) {
	files, _ := p.readEnvFiles(p.files.dir, p.processFiles())
	expansion, findings := expand(p.environ, files)
	return p.environ.with(files, expansion, wanted), findings
}

// requireEnvFiles returns an error if a file of --env-file does not exist in Dir. Node.js refuses
// this: it looks for the flag among all arguments, also those of wrangler.
func (p *project) requireEnvFiles(names []string) error {
	var errs []error
	for _, name := range names {
		if _, err := p.files.read(p.files.verbatim(p.files.dir, name)); err != nil {
			errs = append(errs, p.unreadable(p.files.abs(p.files.dir, name), err))
		}
	}
	return errors.Join(errs...)
}

// normalize works out what the configuration means for the selected environment.
func (p *project) normalize(raw jsvalue.Value) {
	o := config.Options{
		Path:        p.location.config,
		Source:      p.toml,
		Redirected:  p.location.redirected(),
		EnvFlag:     p.options.Environment,
		EnvVariable: p.process.lookup("CLOUDFLARE_ENV"),
	}
	if v, ok := p.process.Get("CLOUDFLARE_ENV"); ok && v.in.Origin != FromProcess {
		o.EnvVariableFile = v.source().String()
	}
	settings, problems := config.Normalize(raw, o)
	p.settings = settings
	p.reportProblems(problems)
	if settings != nil {
		p.checkFields(raw.Object())
	}
}

// checkRepeatedKeys reports the keys that an object of a JSON configuration has twice. It does not show them, since
// they may be in the value of a var.
func (p *project) checkRepeatedKeys() {
	for _, k := range syntax.RepeatedKeys(p.lines.Text()) {
		first := p.at("", k.First).position()
		f := p.at("", k.Second).finding(SeverityWarning, RuleRepeatedKey, "this object has the same key at "+first.String()+
			", which wrangler ignores; put both values into one")
		f.Related = []devvars.Place{first}
		p.findings = append(p.findings, f)
	}
}

// reportProblems adds the findings for problems of the configuration.
func (p *project) reportProblems(problems []config.Problem) {
	for _, problem := range problems {
		severity := SeverityError
		if problem.Severity == config.Warning {
			severity = SeverityWarning
		}
		f := p.at(problem.Key, problem.Offset).finding(severity, Rule(problem.Rule), problem.Text)
		if problem.Other > 0 {
			f.Related = []devvars.Place{p.at("", problem.Other).position()}
		}
		p.findings = append(p.findings, f)
	}
}

// at returns the Source of a key path and a byte offset in the configuration; the offset is
// negative if it is unknown.
func (p *project) at(key string, offset int) Source {
	s := Source{Origin: FromConfig, File: p.shown, Key: key}
	if offset >= 0 {
		s.Line, s.Column = p.lines.Position(offset)
	}
	return s
}

// Exists reports whether the project has a configuration.
func (c *Config) Exists() bool { return c.project().location.config != "" }

// Name returns the name of the Worker, "" if the configuration has none. For an environment it is
// the environment's own name or, if it has none, the top level's with "-" and the environment's
// name appended.
func (c *Config) Name() string { return c.project().settings.Name }

// Environment returns the selected environment, and whether one was named at all. The empty name is
// the top level.
func (c *Config) Environment() (string, bool) {
	if e := c.project().settings.TargetEnvironment; e != nil {
		return *e, true
	}
	return "", false
}

// Environments returns the names of the environments that the configuration defines. The caller
// owns the slice.
func (c *Config) Environments() []string {
	return slices.Clone(c.project().settings.DefinedEnvironments)
}

// Path returns the absolute path of the configuration that is used, "" if the project has none.
func (c *Config) Path() string { return c.project().location.config }

// UserPath returns the absolute path of the configuration that the user wrote. It differs from Path
// if a build tool has redirected wrangler to a configuration that it generated.
func (c *Config) UserPath() string { return c.project().location.user }

// IsPages reports whether this is the configuration of a Pages project.
func (c *Config) IsPages() bool { return c.project().settings.Pages }

// RequiredSecrets returns the names in secrets.required in their order, and whether the
// configuration has the field secrets at all. If it does, even without names, only these names and
// those of vars are taken from local files. The caller owns the slice.
func (c *Config) RequiredSecrets() ([]string, bool) {
	s := c.project().settings.Secrets
	if s == nil {
		return nil, false
	}
	var names []string
	for _, secret := range s.Required {
		names = append(names, secret.Name)
	}
	return names, true
}

// SecretPut returns the command that sets a secret of the Worker, such as `wrangler secret put NAME
// --env staging`.
func (c *Config) SecretPut(name string) string { return c.project().secretPut(name) }

// Findings returns the warnings about the configuration. The caller owns the slice.
func (c *Config) Findings() []Finding { return slices.Clone(c.project().findings) }

// String returns the name of the type. The accessors return what a Config holds.
func (c *Config) String() string { return "wrangler.Config" }
