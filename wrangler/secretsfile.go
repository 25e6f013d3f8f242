package wrangler

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/devvars"
	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// offerSecretsFile offers the secrets of a --secrets-file: a JSON object of strings or, if it is no JSON, a .env file. In the
// latter references are expanded, and a process variable of a secret's name replaces it, even if it is empty.
func (r *resolver) offerSecretsFile(name string) error {
	file := r.files.abs(r.files.dir, name)
	src, err := r.files.read(file)
	if err != nil {
		return r.unreadable(file, err)
	}
	content, err := syntax.Parse(src, syntax.JSONC)
	var bad *syntax.Error
	switch {
	case errors.As(err, &bad) && bad.Code == syntax.CodeEncoding:
		return r.secretsFileError(file, bad.Cause())
	case err == nil && json.Valid([]byte(strings.TrimPrefix(jsvalue.ValidText(src), "\ufeff"))):
		return r.offerJSONSecrets(file, src, content)
	}
	return r.offerEnvSecrets(file, src)
}

func (r *resolver) secretsFileError(file, text string) error {
	return &Error{Finding: Finding{Rule: RuleSecretsFile, File: r.files.display(file), Text: text}}
}

// offerJSONSecrets offers the members of a JSON object. Those that are null are left out.
func (r *resolver) offerJSONSecrets(file string, src []byte, content jsvalue.Value) error {
	members := content.Object()
	if content.Is(jsvalue.Array) {
		members = indexed(content.Items())
	}
	if members == nil {
		return r.secretsFileError(file, "must be a JSON object of strings, or lines of NAME=value")
	}
	source, lines := Source{Origin: FromSecretsFile, File: r.files.display(file)}, syntax.NewLocator(src)
	var errs []error
	for name, v := range members.All() {
		offset, _ := v.Offset()
		at := source.at(lines, offset)
		switch {
		case v.IsNullish():
		case v.Is(jsvalue.String):
			r.offer(binding.Secret(name, v.Text()), at.spot())
		default:
			errs = append(errs, &Error{Finding: Finding{
				Rule: RuleSecretsFile, File: at.File, Line: at.Line, Column: at.Column, Key: name, Text: "must be a string or null, not " + v.Describe(),
			}})
		}
	}
	return errors.Join(errs...)
}

// indexed returns the object that an array is to Object.entries.
func indexed(items []jsvalue.Value) *jsvalue.Object {
	o := jsvalue.NewObject()
	for i, item := range items {
		o.Set(jsvalue.NumberValue(float64(i)).JSON(), item)
	}
	return o
}

func (r *resolver) offerEnvSecrets(file string, src []byte) error {
	parsed, f := &environ{}, devvars.Parse(src)
	parsed.add(f, FromSecretsFile, r.files.display(file))
	if parsed.len() == 0 {
		return r.secretsFileError(file, "holds no secrets; it must be a JSON object of strings, or lines of NAME=value")
	}
	in := Source{Origin: FromSecretsFile, File: r.files.display(file)}.spot()
	for e := range f.Assignments() {
		r.trail.note(in.at(e.Pos()), binding.Secret(e.Key(), e.Value()), "")
	}
	expanded, findings := parsed.expand(r.process)
	for name := range parsed.all() {
		if s, ok := r.process.get(name); ok {
			r.offer(binding.Secret(name, s.value), s.spot)
		} else if s, ok := expanded.get(name); ok {
			r.assign(binding.Secret(name, s.value), s.spot)
		}
	}
	return failures(findings)
}
