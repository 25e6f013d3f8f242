package version

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"time"
)

// The annotations that Cloudflare's API knows. Any others are allowed.
const (
	AnnotationMessage      = "workers/message"       // a description by a person
	AnnotationTag          = "workers/tag"           // a name for versions, not unique
	AnnotationAlias        = "workers/alias"         // a name for the preview URL of a version
	AnnotationTriggeredBy  = "workers/triggered_by"  // the event that made it, for example "secret"
	AnnotationRollbackFrom = "workers/rollback_from" // the version before a rollback
)

// Meta says who makes a version or a deployment, and why. The zero Meta has no author; its source is the API.
type Meta struct {
	Source string // the tool, for example "wrangler", "dash" or "terraform"; "" means "api"
	Author Author

	// Annotations are copied. Unless they have the key AnnotationTriggeredBy, it is added with
	// the event that Cloudflare's API gives.
	Annotations map[string]string
}

// ofDeployment returns m without the annotations that only versions have.
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

// stamp is what versions and deployments have in common. It never changes.
type stamp struct {
	id      string
	created int64 // microseconds since 1970
	*provenance
}

func (s *stamp) ident() string   { return s.id }
func (s *stamp) time() time.Time { return time.UnixMicro(s.created).UTC() }

func (s *stamp) equal(o *stamp) bool {
	return s.id == o.id && s.created == o.created && s.provenance.equal(o.provenance)
}

// provenance is a Meta in a form that stamps share, since it is often the same from one to the next.
type provenance struct {
	source      string
	author      Author
	annotations []annotation // sorted by key
}

type annotation struct{ key, text string }

// newProvenance returns what m says, with trigger as the event unless m names one.
func newProvenance(m Meta, trigger string) *provenance {
	p := &provenance{source: m.Source, author: m.Author}
	if p.source == "" {
		p.source = "api"
	}
	for key, text := range m.Annotations {
		p.annotations = append(p.annotations, annotation{key, text})
	}
	if _, ok := m.Annotations[AnnotationTriggeredBy]; !ok {
		p.annotations = append(p.annotations, annotation{AnnotationTriggeredBy, trigger})
	}
	slices.SortFunc(p.annotations, func(a, b annotation) int { return strings.Compare(a.key, b.key) })
	return p
}

func (p *provenance) equal(q *provenance) bool {
	return p == q || p.source == q.source && p.author == q.author && slices.Equal(p.annotations, q.annotations)
}

func (p *provenance) annotation(key string) (string, bool) {
	for _, a := range p.annotations {
		if a.key == key {
			return a.text, true
		}
	}
	return "", false
}

func (p *provenance) all() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, a := range p.annotations {
			if !yield(a.key, a.text) {
				return
			}
		}
	}
}
