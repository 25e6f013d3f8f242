package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"iter"
	"strconv"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// What the API finds out by running the code, which this package does not do: it says the same of every version.
const startupTimeMS = 1

var handlers = []string{"fetch"}

// versionObject is a version as the API shows it, with vars and without the values of secrets.
type versionObject version.Version

func showVersion(v version.Version) versionObject { return versionObject(v) }

func (o versionObject) appendJSON(b []byte) []byte {
	v := version.Version(o)
	code := v.Code()
	b = appendMember(b, `{"id":`, v.ID())
	b = strconv.AppendInt(append(b, `,"number":`...), int64(v.Number()), 10)
	b = appendMetadata(append(b, `,"metadata":`...), v)
	b = appendAnnotations(b, v.Annotations())
	b = append(b, `,"resources":{"bindings":`...)
	b = shownBindings(v.Bindings()).appendJSON(b)
	b = appendMember(b, `,"script":{"etag":`, etag(code))
	b = appendStrings(append(b, `,"handlers":`...), handlers)
	b = appendMember(b, `,"last_deployed_from":`, v.Source())
	b = appendRuntime(append(b, `},"script_runtime":`...), code)
	b = strconv.AppendInt(append(b, `},"startup_time_ms":`...), startupTimeMS, 10)
	return append(b, '}')
}

func appendMetadata(b []byte, v version.Version) []byte {
	created, author := timestamp(v.Created()), v.Author()
	b = created.appendJSON(append(b, `{"created_on":`...))
	b = created.appendJSON(append(b, `,"modified_on":`...))
	b = appendMember(b, `,"source":`, v.Source())
	b = appendMember(b, `,"author_id":`, author.ID)
	b = appendMember(b, `,"author_email":`, author.Email)
	// The first is what wrangler 4.164.0 reads, the second what the OpenAPI description has.
	return append(b, `,"has_preview":false,"hasPreview":false}`...)
}

// appendAnnotations appends the member that has the annotations, if there are any.
func appendAnnotations(b []byte, notes iter.Seq2[string, string]) []byte {
	start := `,"annotations":{`
	for key, text := range notes {
		b = append(appendQuoted(append(b, start...), key), ':')
		b = appendQuoted(b, text)
		start = ","
	}
	if start == "," {
		b = append(b, '}')
	}
	return b
}

func appendRuntime(b []byte, code version.Code) []byte {
	b = append(b, '{')
	if code.CompatibilityDate != "" {
		b = append(appendMember(b, `"compatibility_date":`, code.CompatibilityDate), ',')
	}
	if len(code.CompatibilityFlags) > 0 {
		b = append(appendStrings(append(b, `"compatibility_flags":`...), code.CompatibilityFlags), ',')
	}
	b = appendMember(b, `"usage_model":`, "standard")
	b = appendCompact(append(b, `,"limits":`...), limitsOf(code))
	return append(b, '}')
}

// etag identifies the modules of an upload.
func etag(code version.Code) string {
	var text []byte
	for _, m := range code.Modules {
		for _, part := range []string{m.Name, m.Type, m.Digest} {
			text = append(append(text, part...), 0)
		}
	}
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

// limitsOf returns the limits that an upload asks for.
func limitsOf(code version.Code) json.RawMessage {
	text := code.Metadata.Reveal()
	var rest struct{ Limits json.RawMessage }
	if text == "" || json.Unmarshal([]byte(text), &rest) != nil || rest.Limits == nil {
		return json.RawMessage("{}")
	}
	return rest.Limits
}

// deploymentID is the ID of a version in the answer to an upload: without the hyphens of a UUID.
func deploymentID(v version.Version) string { return strings.ReplaceAll(v.ID(), "-", "") }

// deploymentObject is a deployment as the API shows it.
type deploymentObject version.Deployment

func showDeployment(d version.Deployment) deploymentObject { return deploymentObject(d) }

func (o deploymentObject) appendJSON(b []byte) []byte {
	d := version.Deployment(o)
	b = appendMember(b, `{"id":`, d.ID())
	b = appendMember(b, `,"source":`, d.Source())
	b = appendMember(b, `,"strategy":`, "percentage")
	b = appendMember(b, `,"author_email":`, d.Author().Email)
	b = appendAnnotations(b, d.Annotations())
	b = append(b, `,"versions":[`...)
	first := true
	for v, share := range d.All() {
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendMember(b, `{"version_id":`, v.ID())
		b = append(append(append(b, `,"percentage":`...), share.String()...), '}')
	}
	b = timestamp(d.Created()).appendJSON(append(b, `],"created_on":`...))
	return append(b, '}')
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
