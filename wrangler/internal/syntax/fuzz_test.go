package syntax_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/jsvalue"
	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

// FuzzJSONC compares the reader of JSON with encoding/json.
func FuzzJSONC(f *testing.F) {
	addSeeds(f, syntax.JSONC)
	f.Fuzz(func(t *testing.T, src []byte) {
		v, err := checkLaws(t, src, syntax.JSONC)
		var want any
		if !utf8.Valid(src) || bytes.Contains(src, []byte("__")) || json.Unmarshal(src, &want) != nil {
			return
		}
		require.NoError(t, err, "it is valid JSON")
		assert.Equal(t, want, plain(v))
	})
}

// FuzzTOML compares the reader of TOML with toml.Unmarshal, which decides by other code what is defined twice.
func FuzzTOML(f *testing.F) {
	addSeeds(f, syntax.TOML)
	f.Fuzz(func(t *testing.T, src []byte) {
		v, err := checkLaws(t, src, syntax.TOML)
		want := map[string]any{}
		wantErr := toml.Unmarshal(src, &want)
		switch {
		case !utf8.Valid(src) || bytes.HasPrefix(src, []byte("\uFEFF")):
			return // not for go-toml
		case err != nil:
			if !strings.Contains(err.Error(), "2^53") && !strings.Contains(err.Error(), "date or time") {
				require.Error(t, wantErr, "%v", err)
			}
			return
		case hasDate(v) || strings.Contains(v.JSON(), "null"):
			return // dates are of other types, NaN is not equal to itself, and an infinity can be an error
		}
		require.NoError(t, wantErr)
		wantJSON, err := json.Marshal(want)
		require.NoError(t, err)
		var got any
		require.NoError(t, json.Unmarshal(wantJSON, &got))
		assert.Equal(t, got, plain(v))
	})
}

func addSeeds(f *testing.F, format syntax.Format) {
	for _, d := range documents() {
		if d.format == format && len(d.text) < 1000 {
			f.Add([]byte(d.text))
		}
	}
	f.Add([]byte(typicalJSON))
	f.Add([]byte(typicalTOML))
}

// checkLaws checks what holds for every text.
func checkLaws(t *testing.T, src []byte, f syntax.Format) (jsvalue.Value, error) {
	v, err := syntax.Parse(src, f)
	again, againErr := syntax.Parse(bytes.Clone(src), f)
	require.Equal(t, err, againErr, "it must not matter when it is called")
	if err == nil {
		require.Equal(t, dump(v), dump(again))
		checkOffsets(t, src, v)
		return v, nil
	}
	var e *syntax.Error
	require.ErrorAs(t, err, &e)
	require.NotContains(t, e.Cause(), "the version of go-toml", "go-toml behaves as this package expects")
	return v, err
}

// firstBytes are what a value of each kind can begin with. A table of TOML can begin with a key.
var firstBytes = map[jsvalue.Kind]string{
	jsvalue.Null:   "n",
	jsvalue.Bool:   "tf",
	jsvalue.Number: "+-in0123456789",
	jsvalue.String: `"'`,
	jsvalue.Array:  "[",
	jsvalue.Date:   "0123456789",
}

func checkOffsets(t *testing.T, src []byte, v jsvalue.Value) {
	offset, known := v.Offset()
	require.True(t, known)
	require.True(t, 0 <= offset && offset <= len(src))
	if first := firstBytes[v.Kind()]; first != "" {
		require.Contains(t, first, string(src[offset]))
	}
	for _, item := range v.Items() {
		checkOffsets(t, src, item)
	}
	for key, item := range v.Object().All() {
		offset, known := v.Object().KeyOffset(key)
		require.True(t, known)
		if isBare := src[offset] != '"' && src[offset] != '\''; isBare {
			require.True(t, bytes.HasPrefix(src[offset:], []byte(key)), "bare key at %d", offset)
		}
		checkOffsets(t, src, item)
	}
}

// plain returns a value as encoding/json decodes it.
func plain(v jsvalue.Value) any {
	switch v.Kind() {
	case jsvalue.Bool:
		return v.IsTrue()
	case jsvalue.Number:
		return v.Float()
	case jsvalue.String:
		return v.Text()
	case jsvalue.Array:
		items := []any{}
		for _, item := range v.Items() {
			items = append(items, plain(item))
		}
		return items
	case jsvalue.ObjectKind:
		object := map[string]any{}
		for key, item := range v.Object().All() {
			object[key] = plain(item)
		}
		return object
	}
	return nil
}

func hasDate(v jsvalue.Value) bool {
	for _, item := range v.Items() {
		if hasDate(item) {
			return true
		}
	}
	for _, item := range v.Object().All() {
		if hasDate(item) {
			return true
		}
	}
	return v.Is(jsvalue.Date)
}
