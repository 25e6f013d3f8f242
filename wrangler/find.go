package wrangler

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// deployConfig is where a build tool says which configuration it generated.
const deployConfig = ".wrangler/deploy/config.json"

// location is which files make the configuration of a project. "" is none.
type location struct {
	user   string // the configuration that the user wrote; .dev.vars and .env files are beside it
	config string // the configuration that counts: user, or what a build tool generated from it
	base   string // the directory of the local files: that of user, or where wrangler is run if there is none
}

func (l location) redirected() bool { return l.config != "" && l.config != l.user }

// locate finds the configuration as wrangler 4.164.0 does: wrangler.json in any directory upwards, else wrangler.jsonc,
// else wrangler.toml.
func (p *project) locate() (location, error) {
	o := p.options
	if o.Config != "" {
		file := p.files.abs(p.files.dir, o.Config)
		return location{file, file, p.configBase()}, nil
	}
	start := p.files.dir
	if o.Script != "" {
		start = p.scriptDir()
	}
	var found location
	for _, name := range []string{"wrangler.json", "wrangler.jsonc", "wrangler.toml"} {
		if found.user = p.files.findUp(start, name); found.user != "" {
			break
		}
	}
	found.config, found.base = found.user, p.files.dir
	if found.user != "" {
		found.base = p.files.parent(found.user)
	}
	if o.Programmatic && !o.FollowRedirect {
		return found, nil
	}
	return p.redirect(start, found)
}

// scriptDir returns where the search starts for an entry point. Wrangler takes its directory, if that is relative, twice: app/x.js
// starts it in app/app, which need not exist, and ../x.js two directories up.
func (p *project) scriptDir() string {
	dir := p.files.parent(p.options.Script)
	return p.files.abs(p.files.abs(p.files.dir, dir), dir)
}

// configBase returns the directory of --config. For wrangler that is a matter of the text alone: "." and ".." are names like any
// other, in the directory where it is run.
func (p *project) configBase() string {
	name := strings.TrimRight(filepath.ToSlash(p.options.Config), "/")
	return p.files.abs(p.files.dir, p.files.parent(filepath.FromSlash(name)))
}

// redirect replaces the configuration with the one that a deploy configuration names.
func (p *project) redirect(start string, found location) (location, error) {
	file := p.files.findUp(start, deployConfig)
	if file == "" {
		return found, nil
	}
	target, err := p.redirectTarget(file)
	if err != nil {
		return found, err
	}
	if found.user != "" && p.files.abs(p.files.parent(found.user), deployConfig) != file {
		return found, p.redirectError(file, "this deploy configuration is not beside "+p.files.display(found.user)+
			"; delete the one that is left over, or run the command where the configuration is that you want")
	}
	found.config = target
	return found, nil
}

// redirectTarget returns the path that a deploy configuration names.
func (p *project) redirectTarget(file string) (string, error) {
	raw, _, err := p.parse(file, syntax.JSONC)
	if err != nil {
		return "", err
	}
	configPath := property(raw, "configPath")
	switch {
	case raw.IsNullish() || configPath.Truthy() && !configPath.Is(jsvalue.String):
		return "", p.redirectError(file, "this deploy configuration must be an object with a text \"configPath\"")
	case !configPath.Truthy():
		return "", p.redirectError(file, "this deploy configuration lacks \"configPath\", the path of the generated configuration")
	}
	target := p.files.abs(p.files.parent(file), configPath.Text())
	if _, err := p.files.stat(target); err != nil {
		return "", p.redirectError(file, "\"configPath\" names a file that does not exist; build the project again")
	}
	return target, nil
}

// property returns what v.key is, for any v but undefined and null.
func property(v jsvalue.Value, key string) jsvalue.Value {
	if v.Object() == nil {
		return jsvalue.Value{}
	}
	return v.Object().Get(key)
}

func (p *project) redirectError(file, text string) error {
	return &Error{Finding: Finding{Rule: RuleRedirect, File: p.files.display(file), Text: text}}
}

// parse reads a configuration file, and tells positions in it.
func (p *project) parse(file string, format syntax.Format) (jsvalue.Value, syntax.Locator, error) {
	src, err := p.files.read(file)
	if err != nil {
		return jsvalue.Value{}, syntax.Locator{}, p.unreadable(file, err)
	}
	raw, err := syntax.Parse(src, format)
	var bad *syntax.Error
	if errors.As(err, &bad) {
		err = &Error{Finding: Finding{
			Rule: RuleSyntax, File: p.files.display(file), Line: bad.Line, Column: bad.Column, Text: bad.Cause(),
		}}
	}
	return raw, syntax.NewLocator(src), err
}

func (p *project) unreadable(file string, err error) error {
	return &Error{
		Finding: Finding{Rule: RuleFile, File: p.files.display(file), Text: "cannot read this file: " + errorText(err)},
		Err:     err,
	}
}
