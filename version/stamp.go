package version

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// The annotations that Cloudflare's API knows. There may be any others.
const (
	AnnotationMessage      = "workers/message"       // what a person says about it
	AnnotationTag          = "workers/tag"           // a name for a version, not necessarily its alone
	AnnotationAlias        = "workers/alias"         // a name for the preview URL of a version
	AnnotationTriggeredBy  = "workers/triggered_by"  // the event that made it, as "secret"
	AnnotationRollbackFrom = "workers/rollback_from" // the version before a rollback, in older histories
)

// Meta says who makes a version or a deployment, and why. The zero Meta is nobody, through the API.
type Meta struct {
	Source string // the tool, as "wrangler", "dash" or "terraform"; "" is "api"
	Author Author

	// Annotations are copied. The rules add AnnotationTriggeredBy, with what Cloudflare's API says for the same event, if it
	// is not there.
	Annotations map[string]string
}

// ofDeployment returns what m says of a deployment, if it says it of a version that is made with it.
func (m Meta) ofDeployment() Meta {
	m.Annotations = maps.Clone(m.Annotations)
	delete(m.Annotations, AnnotationTag)
	delete(m.Annotations, AnnotationAlias)
	return m
}

// Author is who made a version or a deployment.
type Author struct {
	ID    string
	Email string
}

// stamp is what versions and deployments have in common. Nothing changes it once it is made.
type stamp struct {
	id      string
	created int64 // microseconds since 1970
	*origin
}

// origin is the part of a stamp that is often the same from one to the next, and then shared.
type origin struct {
	source string
	author Author
	notes  []note // sorted by key
}

func (o *origin) equal(p *origin) bool {
	return o == p || o.source == p.source && o.author == p.author && slices.Equal(o.notes, p.notes)
}

// shared returns o, or last in its place if it is equal and not nil.
func (o *origin) shared(last *origin) *origin {
	if last != nil && o.equal(last) {
		return last
	}
	return o
}

type note struct{ key, text string }

func (s *stamp) ident() string   { return s.id }
func (s *stamp) time() time.Time { return time.UnixMicro(s.created).UTC() }

func (o *origin) note(key string) (string, bool) {
	for _, n := range o.notes {
		if n.key == key {
			return n.text, true
		}
	}
	return "", false
}

func (o *origin) all() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, n := range o.notes {
			if !yield(n.key, n.text) {
				return
			}
		}
	}
}

// notesOf returns the annotations of m, sorted, with trigger as the event unless m names one.
func notesOf(m Meta, trigger string) []note {
	notes := make([]note, 0, len(m.Annotations)+1)
	for key, text := range m.Annotations {
		notes = append(notes, note{key, text})
	}
	if _, ok := m.Annotations[AnnotationTriggeredBy]; !ok {
		notes = append(notes, note{AnnotationTriggeredBy, trigger})
	}
	slices.SortFunc(notes, func(a, b note) int { return strings.Compare(a.key, b.key) })
	return notes
}
