package controlplane

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// maxJSON is the largest JSON text that is read, in bytes: a body, or the metadata of an upload.
const maxJSON = 4 << 20

// decode reads the body of the request as one JSON value. Its errors contain nothing of the body.
func (c *call) decode(into any) error {
	text, err := readJSON(c.r.Body)
	if err != nil {
		return err
	}
	if json.Unmarshal(text, into) != nil {
		return errBody
	}
	return checkMembers(text, reflect.TypeOf(into))
}

// readJSON reads at most maxJSON bytes.
func readJSON(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxJSON+1))
	if err != nil {
		return nil, readError(err)
	}
	if len(text) > maxJSON {
		return nil, errTooLarge
	}
	return text, nil
}

// readError returns the answer to a body that could not be read to its end: it is too large or
// malformed, or the client went away.
func readError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	return errBody
}

// object is a JSON object that keeps the order of its members and each byte of their values.
type object []member

type member struct {
	key   string
	value json.RawMessage
}

// UnmarshalJSON fails for any other JSON value than an object, null included.
func (o *object) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if t, err := decoder.Token(); err != nil || t != json.Delim('{') {
		return errBody
	}
	*o = nil
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return errBody
		}
		m := member{key: key.(string)}
		if decoder.Decode(&m.value) != nil {
			return errBody
		}
		*o = append(*o, m)
	}
	return nil
}

// MarshalJSON returns the text of o. Values that are not valid JSON would make it invalid.
func (o object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, quote(m.key)...), ':'), m.value...)
	}
	return append(b, '}'), nil
}

// text returns the text of o with each byte of its values, where json.Marshal would compact them.
func (o object) text() string {
	text, _ := o.MarshalJSON() // never fails
	return string(text)
}

// without returns o without the members that have these keys.
func (o object) without(keys ...string) object {
	return slices.DeleteFunc(slices.Clone(o), func(m member) bool { return slices.Contains(keys, m.key) })
}

func (o object) has(key string) bool {
	return slices.ContainsFunc(o, func(m member) bool { return m.key == key })
}

// merged returns o with the members of patch in the place of its own, without those that are null
// in patch.
func (o object) merged(patch object) object {
	all := slices.DeleteFunc(slices.Clone(o), func(m member) bool { return patch.has(m.key) })
	for _, m := range patch {
		if !isNull(m.value) {
			all = append(all, m)
		}
	}
	return all
}

// rawMember is the JSON text of a member, nil for null.
type rawMember []byte

// UnmarshalJSON copies text.
func (m *rawMember) UnmarshalJSON(text []byte) error {
	if *m = bytes.Clone(text); isNull(text) {
		*m = nil
	}
	return nil
}

// MarshalJSON returns the text.
func (m rawMember) MarshalJSON() ([]byte, error) {
	if m == nil {
		return []byte("null"), nil
	}
	return m, nil
}

func isNull(text []byte) bool { return string(text) == "null" }

// quote returns text as a JSON string, in which <, > and & are not escaped.
func quote(text string) json.RawMessage {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.Encode(text) // never fails for a string
	return bytes.TrimSpace(b.Bytes())
}

// decoded returns a valid JSON text as Go values, with numbers as [json.Number].
func decoded(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	decoder.Decode(&value)
	return value
}

// mergePatch applies a JSON merge patch (RFC 7396). It may change base.
func mergePatch(base, patch any) any {
	changes, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	merged, ok := base.(map[string]any)
	if !ok {
		merged = make(map[string]any)
	}
	for key, value := range changes {
		if value == nil {
			delete(merged, key)
		} else {
			merged[key] = mergePatch(merged[key], value)
		}
	}
	return merged
}

// readSetting decodes a setting that putSetting stored. If there is none, into keeps its value.
func readSetting(s version.Snapshot, name string, into any) {
	if text, ok := s.Setting(name); ok {
		json.Unmarshal([]byte(text.Reveal()), into)
	}
}

// putSetting stores the JSON of value as a setting.
func putSetting(tx *version.Tx, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return tx.PutSetting(name, binding.NewValue(string(text)))
}
