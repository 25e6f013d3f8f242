package version_test

import (
	"errors"
	"maps"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// model is a plain and slow account of what the rules of the package are to do, written anew: no sharing, no deltas.
type model struct {
	versions    []modelVersion
	deployments []map[int]int // number of a version to thousandths of a percent
}

type modelVersion struct {
	base     int
	code     string
	bindings map[string]modelBinding
}

type modelBinding struct{ kind, text string }

func (b modelBinding) secret() bool { return b.kind == "secret_text" }

// has reports whether there is a var or a secret of that name.
func (v modelVersion) has(name string) bool {
	b, ok := v.bindings[name]
	return ok && b.kind != "kv_namespace"
}

func (m *model) latest() int { return len(m.versions) }

func (m *model) current() map[int]int {
	if len(m.deployments) == 0 {
		return nil
	}
	return m.deployments[len(m.deployments)-1]
}

func (m *model) newest() int {
	n := 0
	for number := range m.current() {
		n = max(n, number)
	}
	return n
}

func (m *model) latestDeployed() bool {
	return len(m.current()) == 1 && m.newest() == m.latest()
}

func (m *model) at(number int) modelVersion {
	if number == 0 {
		return modelVersion{}
	}
	return m.versions[number-1]
}

// add makes a version of v, deployed or not, and reports the cause of a failure.
func (m *model) add(v modelVersion, deploy, skip bool, required []string) string {
	for _, name := range required {
		if !v.has(name) {
			return "missing"
		}
	}
	base := m.at(v.base)
	if skip && v.base > 0 && base.code == v.code && maps.Equal(base.bindings, v.bindings) {
		if !deploy || len(m.current()) == 1 && m.newest() == v.base {
			return "unchanged"
		}
		m.deployments = append(m.deployments, map[int]int{v.base: 100_000})
		return ""
	}
	m.versions = append(m.versions, v)
	if deploy {
		m.deployments = append(m.deployments, map[int]int{m.latest(): 100_000})
	}
	return ""
}

func (m *model) upload(o operation) string {
	base := m.at(m.latest())
	v := modelVersion{m.latest(), o.code, map[string]modelBinding{}}
	for name, b := range base.bindings {
		if slices.Contains(o.keep, b.kind) {
			v.bindings[name] = b
		}
	}
	for name, b := range o.set {
		if b.kind == "inherit" {
			old, ok := base.bindings[name]
			if !ok {
				return "inherit"
			}
			b = old
		}
		v.bindings[name] = b
	}
	return m.add(v, o.deploy, o.skip, o.required)
}

func (m *model) edit(o operation) string {
	switch {
	case o.base > m.latest():
		return "no version"
	case o.base == 0 && m.latest() == 0:
		return "no versions"
	case o.base == 0 && o.deploy && !m.latestDeployed():
		return "not deployed"
	}
	number := o.base
	if number == 0 {
		number = m.latest()
	}
	base := m.at(number)
	v := modelVersion{number, base.code, maps.Clone(base.bindings)}
	for _, name := range o.unset {
		if _, both := o.set[name]; both {
			return "named twice"
		}
	}
	for name, b := range o.set {
		if b.kind == "inherit" {
			old, ok := base.bindings[name]
			if !ok {
				return "inherit"
			}
			b = old
		}
		v.bindings[name] = b
	}
	for _, name := range o.unset {
		delete(v.bindings, name)
	}
	return m.add(v, o.deploy, o.skip, o.required)
}

// secrets is put, delete and bulk of secrets, deployed at once or not.
func (m *model) secrets(o operation) string {
	if m.latest() == 0 {
		return "no versions"
	}
	if o.deploy && !m.latestDeployed() {
		return "not deployed"
	}
	base := m.at(m.latest())
	if o.deploy {
		for _, name := range slices.Concat(slices.Collect(maps.Keys(o.set)), o.unset) {
			if b, ok := base.bindings[name]; ok && !b.secret() {
				return "in use"
			}
		}
	}
	return m.edit(operation{set: o.set, unset: o.unset, deploy: o.deploy})
}

func (m *model) remove(o operation) string {
	switch {
	case m.latest() == 0:
		return "no versions"
	case !m.latestDeployed():
		return "not deployed"
	case !m.at(m.latest()).bindings[o.unset[0]].secret():
		return "no secret"
	}
	return m.edit(operation{unset: o.unset[:1], deploy: true})
}

func (m *model) deploy(o operation) string {
	sum, tooSmall, next := 0, false, map[int]int{}
	for _, s := range o.splits {
		if s.number < 1 || s.number > m.latest() {
			return "no version"
		}
		next[s.number] = s.share
		sum += s.share
		tooSmall = tooSmall || s.share > 0 && s.share < 10
	}
	if tooSmall || sum != 100_000 || len(next) != len(o.splits) || len(next) > 2 {
		return "shares"
	}
	for number := range next {
		if number <= m.latest()-100 {
			return "not deployable"
		}
		for _, name := range o.required {
			if !m.at(number).has(name) {
				return "missing"
			}
		}
	}
	for number := range next {
		if _, runs := m.current()[number]; !o.force && !runs && number < m.newest() && !maps.Equal(m.secretsOf(number), m.secretsOf(m.newest())) {
			return "secrets changed"
		}
	}
	m.deployments = append(m.deployments, next)
	return ""
}

func (m *model) secretsOf(number int) map[string]modelBinding {
	secrets := map[string]modelBinding{}
	for name, b := range m.at(number).bindings {
		if b.secret() {
			secrets[name] = b
		}
	}
	return secrets
}

// target is where a rollback goes to, 0 if nowhere.
func (m *model) target() int {
	for i := len(m.deployments) - 2; i >= 0; i-- {
		for number, share := range m.deployments[i] {
			if share == 100_000 {
				return number
			}
		}
	}
	return 0
}

func (m *model) rollback(o operation) string {
	to := m.target()
	if to == 0 {
		return "no target"
	}
	return m.deploy(operation{splits: []modelSplit{{to, 100_000}}, force: o.force, required: o.required})
}

func (m *model) rollbackCode(o operation) string {
	to := m.target()
	if to == 0 {
		return "no target"
	}
	v := modelVersion{to, m.at(to).code, m.secretsOf(m.newest())}
	for name, b := range m.at(to).bindings {
		if _, taken := v.bindings[name]; !taken && !b.secret() {
			v.bindings[name] = b
		}
	}
	return m.add(v, true, false, o.required)
}

// causes are what the model calls the errors.
var causes = map[string]error{
	"no version": version.ErrNoVersion, "no versions": version.ErrNoVersions, "in use": version.ErrNameInUse,
	"no secret": version.ErrNoSecret, "shares": version.ErrShares, "not deployable": version.ErrNotDeployable,
	"unchanged": version.ErrUnchanged, "named twice": version.ErrNamedTwice, "no target": version.ErrNoTarget,
}

// cause returns what the model calls err, "" for nil.
func cause(err error) string {
	if err == nil {
		return ""
	}
	for name, cause := range causes {
		if errors.Is(err, cause) {
			return name
		}
	}
	var missing *version.MissingError
	var notDeployed *version.NotDeployedError
	var changed *version.SecretsChangedError
	var inherit *binding.InheritError
	switch {
	case errors.As(err, &missing):
		return "missing"
	case errors.As(err, &notDeployed):
		return "not deployed"
	case errors.As(err, &changed):
		return "secrets changed"
	case errors.As(err, &inherit):
		return "inherit"
	}
	return err.Error()
}
