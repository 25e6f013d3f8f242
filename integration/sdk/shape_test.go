package sdk

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v6/workers"
	"github.com/stretchr/testify/require"
)

// field is the metadata of the SDK for a member of a JSON object.
type field interface {
	IsMissing() bool
	IsNull() bool
	IsInvalid() bool
	Raw() string
}

// conforms compares a result with the OpenAPI description, as far as the types of the SDK represent it:
// required members exist, values have the right types and formats, and enumerations have known values.
// Beyond lists the members that are not in the description, such as "metadata.has_preview".
func conforms(t *testing.T, result any, beyond ...string) {
	t.Helper()
	s := shape{beyond: map[string]bool{}}
	s.value("", reflect.ValueOf(result))
	require.Empty(t, s.problems, "%s", rawJSON(result))
	require.Equal(t, slices.Sorted(slices.Values(beyond)), slices.Sorted(maps.Keys(s.beyond)),
		"members that are not in the SDK")
}

// rawJSON returns the JSON text of a result.
func rawJSON(result any) string {
	v := reflect.Indirect(reflect.ValueOf(result))
	if v.Kind() != reflect.Struct || !v.FieldByName("JSON").IsValid() {
		return ""
	}
	return v.FieldByName("JSON").Interface().(interface{ RawJSON() string }).RawJSON()
}

// shape collects the problems of a value, and the members that are not in the SDK.
type shape struct {
	problems []string
	beyond   map[string]bool
}

func (s *shape) add(path, format string, args ...any) {
	s.problems = append(s.problems, strings.TrimPrefix(path, ".")+": "+fmt.Sprintf(format, args...))
}

func (s *shape) value(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			s.value(path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			s.value(path+"[]", v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			s.value(path+"[]", v.MapIndex(key))
		}
	case reflect.Struct:
		s.object(path, v)
	}
}

func (s *shape) object(path string, v reflect.Value) {
	meta := v.FieldByName("JSON")
	if !meta.IsValid() {
		return // a time
	}
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if known := meta.FieldByName(v.Type().Field(i).Name); known.IsValid() && name != "-" {
			s.member(path+"."+name, v.Type().Field(i), v.Field(i), known.Interface().(field))
		}
	}
	if union, ok := v.Interface().(interface{ AsUnion() any }); ok {
		s.value(path, reflect.ValueOf(union.AsUnion()))
	}
	extra := meta.FieldByName("ExtraFields")
	for _, key := range extra.MapKeys() {
		s.beyond[strings.TrimPrefix(path+"."+key.String(), ".")] = true
	}
}

func (s *shape) member(path string, of reflect.StructField, v reflect.Value, known field) {
	api := strings.Split(of.Tag.Get("api"), ",")
	switch {
	case known.IsMissing():
		if slices.Contains(api, "required") {
			s.add(path, "missing")
		}
	case known.IsNull():
		if !slices.Contains(api, "nullable") && v.Kind() != reflect.Interface {
			s.add(path, "null")
		}
	case known.IsInvalid():
		s.add(path, "not a %s: %s", of.Type, known.Raw())
	default:
		s.format(path, of.Tag.Get("format"), v)
		s.value(path, v)
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

func (s *shape) format(path, format string, v reflect.Value) {
	known, enumerated := v.Interface().(interface{ IsKnown() bool })
	switch {
	case enumerated && !known.IsKnown():
		s.add(path, "%v is not a value of the enumeration", v)
	case format == "uuid" && !uuid.MatchString(v.String()):
		s.add(path, "not a UUID: %q", v)
	case format == "email" && !strings.Contains(v.String(), "@"):
		s.add(path, "not an email address: %q", v)
	case format == "date-time" && v.Interface().(time.Time).IsZero():
		s.add(path, "not a time")
	}
}

// TestConforms checks that conforms finds mistakes.
func TestConforms(t *testing.T) {
	const id = "00000000-0000-4000-8000-000000000001"
	for _, test := range []struct {
		name, text, problem string
	}{
		{"missing", `{"id":"` + id + `","source":"api","strategy":"percentage","versions":[]}`, "created_on: missing"},
		{"null", `{"id":"` + id +
			`","created_on":"2026-03-01T10:00:00Z","source":null,"strategy":"percentage","versions":[]}`,
			"source: null"},
		{"type", `{"id":"` + id +
			`","created_on":"2026-03-01T10:00:00Z","source":"api","strategy":"percentage",` +
			`"versions":[{"version_id":"` + id + `","percentage":"x"}]}`,
			"versions[].percentage: not a float64"},
		{"enumeration", `{"id":"` + id +
			`","created_on":"2026-03-01T10:00:00Z","source":"api","strategy":"fair","versions":[]}`,
			"strategy: fair is not a value of the enumeration"},
		{"format", `{"id":"1","created_on":"2026-03-01T10:00:00Z","source":"api","strategy":"percentage","versions":[]}`,
			"id: not a UUID"},
		{"time", `{"id":"` + id + `","created_on":"today","source":"api","strategy":"percentage","versions":[]}`,
			"created_on: not a time.Time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var d workers.Deployment
			require.NoError(t, d.UnmarshalJSON([]byte(test.text)))
			s := shape{beyond: map[string]bool{}}
			s.value("", reflect.ValueOf(d))
			require.Len(t, s.problems, 1)
			require.Contains(t, s.problems[0], test.problem)
		})
	}
	var d workers.Deployment
	require.NoError(t, d.UnmarshalJSON([]byte(`{"more":1,"versions":[{"mode":2}]}`)))
	s := shape{beyond: map[string]bool{}}
	s.value("", reflect.ValueOf(d))
	require.Equal(t, map[string]bool{"more": true, "versions[].mode": true}, s.beyond)
}
