package controlplane

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// maxJSON is the size in bytes up to which JSON is read, in a body or in the metadata of an upload.
const maxJSON = 4 << 20

// decode reads the body of the request as one JSON value. Its errors have nothing of the body in them.
func (c *call) decode(into any) error {
	text, err := readJSON(c.r.Body)
	if err != nil {
		return err
	}
	if json.Unmarshal(text, into) != nil {
		return errBody
	}
	return nil
}

// readJSON reads at most maxJSON bytes.
func readJSON(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxJSON+1))
	if err != nil {
		return nil, unread(err)
	}
	if len(text) > maxJSON {
		return nil, errTooLarge
	}
	return text, nil
}

// unread is why a body could not be read to its end: it is too large, or damaged, or the client has gone.
func unread(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	return errBody
}

// member is a member of a JSON object.
type member struct {
	key   string
	value json.RawMessage
}

// members returns the members of a JSON object in order, their values to the byte.
func members(text []byte) ([]member, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if t, err := decoder.Token(); err != nil || t != json.Delim('{') {
		return nil, errBody
	}
	var list []member
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, errBody
		}
		m := member{key: key.(string)} // what stands before a colon
		if decoder.Decode(&m.value) != nil {
			return nil, errBody
		}
		list = append(list, m)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, errBody
	}
	return list, nil
}

// object returns the JSON object of members.
func object(list []member) []byte {
	b := []byte{'{'}
	for i, m := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, quote(m.key)...), ':'), m.value...)
	}
	return append(b, '}')
}

// quote returns text as JSON.
func quote(text string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.Encode(text) // which can't fail for a string
	return bytes.TrimSpace(b.Bytes())
}
