package version

import (
	"maps"

	"github.com/workerenv/workerenv/binding"
)

// change is one thing that a record says: *version, *deployment, setting or closing.
type change interface {
	apply(*state)  // adds it to a state that is being made; it has been checked
	write(*writer) // writes it as a change of a record
}

func (v *version) apply(s *state)    { s.versions = s.versions.with(v) }
func (d *deployment) apply(s *state) { s.deployments = s.deployments.with(d) }

// setting is what is new under a name, the zero Value if it is to be gone.
type setting struct {
	name string
	text binding.Value
}

func (c setting) apply(s *state) {
	if !s.settingsAreOwn {
		s.settings, s.settingsAreOwn = maps.Clone(s.settings), true
	}
	if s.settings == nil {
		s.settings = make(map[string]binding.Value)
	}
	if c.text.IsZero() {
		delete(s.settings, c.name)
	} else {
		s.settings[c.name] = c.text
	}
}

// closing ends a history.
type closing struct{}

func (closing) apply(s *state) { s.closed = true }
