package wrangler

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// offerSecretsFile offers the secrets of a --secrets-file: a JSON object of strings or, if it is not JSON, a .env file.
func (r *resolver) offerSecretsFile(name string) error {
	file := r.files.abs(r.files.dir, name)
	src, err := r.files.read(file)
	if err != nil {
		return r.unreadable(file, err)
	}
	if json.Valid([]byte(strings.TrimPrefix(jsvalue.ValidText(src), "\ufeff"))) {
		return r.offerJSONSecrets(file, src)
	}
	return r.offerEnvSecrets(file, src)
}

// offerJSONSecrets offers the members of a JSON object, without those that are null.
func (r *resolver) offerJSONSecrets(file string, src []byte) error {
	content, err := syntax.Parse(src, syntax.JSONC)
	source := Source{Origin: FromSecretsFile, File: r.files.display(file)}
	if err != nil || content.Object() == nil {
		return &Error{Finding: source.finding(SeverityError, RuleSecretsFile, "must be a JSON object of strings, or lines of NAME=value")}
	}
	lines := syntax.NewLocator(src)
	var errs []error
	for name, v := range content.Object().All() {
		if offset, ok := v.Offset(); ok {
			source.Line, source.Column = lines.Position(offset)
		}
		switch {
		case v.Is(jsvalue.String):
			r.offer(source, binding.Secret(name, v.Text()))
		case !v.Is(jsvalue.Null):
			f := source.finding(SeverityError, RuleSecretsFile, "must be a string or null, not "+v.Describe())
			f.Key = name
			errs = append(errs, &Error{Finding: f})
		}
	}
	return errors.Join(errs...)
}

// offerEnvSecrets offers the variables of a .env file. References are expanded. A process variable of the same name replaces
// a secret, even if it is empty.
func (r *resolver) offerEnvSecrets(file string, src []byte) error {
	f, values := r.local(FromSecretsFile, file, src), &environ{}
	for e, source := range f.assignments() {
		if name, value := e.Key(), e.Value(); name != "__proto__" {
			r.add(source, binding.Secret(name, value), "")
			values.assign(name, value, source)
		}
	}
	if values.Len() == 0 {
		return &Error{Finding: f.source.finding(SeverityError, RuleSecretsFile,
			"contains no secrets; it must be a JSON object of strings, or lines of NAME=value")}
	}
	expanded, findings := values.expand(r.process)
	for name := range values.All() {
		if v, ok := r.process.Get(name); ok {
			r.offer(*v.source, binding.Secret(name, v.value))
		} else if v, ok := expanded.Get(name); ok {
			r.use(*v.source, binding.Secret(name, v.value))
			if raw := values.value(name); raw != v.value {
				f := v.source.finding(SeverityWarning, RuleExpanded, "--secrets-file replaces what looks like a reference in this value, "+
					"and wrangler secret bulk does not, so they upload different values; write \\$ for a dollar sign here, or use a JSON file")
				f.Key = name
				r.findings = append(r.findings, f)
			}
		}
	}
	return failures(findings)
}
