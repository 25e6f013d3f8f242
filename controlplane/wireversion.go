package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"maps"
	"strings"
	"time"

	"github.com/workerenv/workerenv/version"
)

// What the API finds out by running the code, which this package does not do: it says the same of every version.
const startupTimeMS = 1

var handlers = []string{"fetch"}

// timestamp is a time as the API writes it. wrangler sorts them as texts.
type timestamp time.Time

func (t timestamp) text() string { return time.Time(t).UTC().Format("2006-01-02T15:04:05.000000Z") }

func (t timestamp) MarshalJSON() ([]byte, error) { return quote(t.text()), nil }

type versionObject struct {
	ID          string            `json:"id"`
	Number      int               `json:"number"`
	Metadata    versionMetadata   `json:"metadata"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Resources   resources         `json:"resources"`
	Startup     int               `json:"startup_time_ms"`
}

type versionMetadata struct {
	CreatedOn   timestamp `json:"created_on"`
	ModifiedOn  timestamp `json:"modified_on"`
	Source      string    `json:"source"`
	AuthorID    string    `json:"author_id"`
	AuthorEmail string    `json:"author_email"`
	HasPreview  bool      `json:"has_preview"` // what wrangler 4.164.0 reads
	Preview     bool      `json:"hasPreview"`  // what the OpenAPI description has
}

type resources struct {
	Bindings []json.RawMessage `json:"bindings"`
	Script   scriptResource    `json:"script"`
	Runtime  runtimeResource   `json:"script_runtime"`
}

type scriptResource struct {
	Etag             string   `json:"etag"`
	Handlers         []string `json:"handlers"`
	LastDeployedFrom string   `json:"last_deployed_from"`
}

type runtimeResource struct {
	CompatibilityDate  string          `json:"compatibility_date,omitempty"`
	CompatibilityFlags []string        `json:"compatibility_flags,omitempty"`
	UsageModel         string          `json:"usage_model"`
	Limits             json.RawMessage `json:"limits"`
}

// showVersion returns v as the API shows it, with vars and without the values of secrets.
func showVersion(v version.Version) versionObject {
	code := v.Code()
	created := timestamp(v.Created())
	return versionObject{
		ID: v.ID(), Number: v.Number(), Annotations: maps.Collect(v.Annotations()), Startup: startupTimeMS,
		Metadata: versionMetadata{CreatedOn: created, ModifiedOn: created, Source: v.Source(), AuthorID: v.Author().ID, AuthorEmail: v.Author().Email},
		Resources: resources{
			Bindings: shownBindings(v.Bindings()),
			Script:   scriptResource{Etag: etag(code), Handlers: handlers, LastDeployedFrom: v.Source()},
			Runtime:  runtimeResource{code.CompatibilityDate, code.CompatibilityFlags, "standard", limitsOf(code)},
		},
	}
}

// etag identifies the modules of an upload.
func etag(code version.Code) string {
	hash := sha256.New()
	for _, m := range code.Modules {
		hash.Write([]byte(m.Name + "\x00" + m.Type + "\x00" + m.Digest + "\x00"))
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// limitsOf returns the limits that an upload asks for.
func limitsOf(code version.Code) json.RawMessage {
	var rest struct{ Limits json.RawMessage }
	if json.Unmarshal([]byte(code.Metadata.Reveal()), &rest) != nil || rest.Limits == nil {
		return json.RawMessage("{}")
	}
	return rest.Limits
}

// deploymentID is the ID of a version in the answer to an upload: without the hyphens of a UUID.
func deploymentID(v version.Version) string { return strings.ReplaceAll(v.ID(), "-", "") }

type deploymentObject struct {
	ID          string            `json:"id"`
	Source      string            `json:"source"`
	Strategy    string            `json:"strategy"`
	AuthorEmail string            `json:"author_email"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Versions    []version.Split   `json:"versions"`
	CreatedOn   timestamp         `json:"created_on"`
}

func showDeployment(d version.Deployment) deploymentObject {
	return deploymentObject{
		ID: d.ID(), Source: d.Source(), Strategy: "percentage", AuthorEmail: d.Author().Email, Annotations: maps.Collect(d.Annotations()),
		Versions: d.Splits(), CreatedOn: timestamp(d.Created()),
	}
}

// newest returns what f makes of the first n elements of s. It is never nil, which would be null.
func newest[In, Out any](s iter.Seq[In], n int, f func(In) Out) []Out {
	list := []Out{}
	for e := range s {
		if len(list) == n {
			break
		}
		list = append(list, f(e))
	}
	return list
}
