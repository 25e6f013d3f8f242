package binding

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// The texts that a Value prints. UnmarshalText rejects both, so that a program does not read the value
// "[redacted]" from redacted output.
const (
	redacted = "[redacted]"
	unset    = "[unset]"
)

var (
	errNotString = errors.New("value is not a JSON string")
	errOpaque    = errors.New("value has no binary form; use Reveal")
)

// Value is the text of a var or of a secret, or another sensitive text. It is immutable, comparable,
// and has the size of a pointer. Two Values are == if and only if they have the same text or both are
// unset.
//
// The zero Value is unset. It differs from NewValue(""), which is set and has an empty text. A Value of
// any length prints, logs and marshals as "[redacted]", and the zero Value as "[unset]" (null in JSON
// and YAML).
//
// A copy that a deep-copy library makes by reflection is Equal to the original but not ==.
type Value struct{ h *handle }

// NewValue returns the Value of text. It keeps no reference to the memory of text.
func NewValue(text string) Value { return Value{interned().get(text)} }

// Reveal returns the text. It is "" for the zero Value.
func (v Value) Reveal() string {
	if v.h == nil {
		return ""
	}
	return v.h.text.Get()
}

// IsZero reports whether v is unset. A text that is set and empty is not zero.
func (v Value) IsZero() bool { return v.h == nil }

// Equal reports whether v and w have the same text, or both are unset.
func (v Value) Equal(w Value) bool {
	if v.h == w.h || v.h == nil || w.h == nil {
		return v.h == w.h
	}
	return v.h.fingerprint == w.h.fingerprint && v.h.text.Get() == w.h.text.Get()
}

// Fingerprint returns a short identifier of the text, such as "value#4be102fd", with which a person
// can distinguish values, for example in a failing test. It is the first 32 bits of an HMAC under a
// random key of this process. So it differs in each process, and different texts can have the same
// fingerprint. It is "" for the zero Value.
func (v Value) Fingerprint() string {
	if v.h == nil {
		return ""
	}
	return "value" + v.h.fingerprint.String()
}

// FingerprintWith returns the HMAC-SHA256 of the text under key, in 64 lower-case hexadecimal
// digits, so that machines that share the key can compare values without exchanging them. It is ""
// for the zero Value.
//
// The key must be secret and random, preferably 32 bytes; anyone who knows the key can guess
// values.
func (v Value) FingerprintWith(key []byte) string {
	if v.h == nil {
		return ""
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, v.h.text.Get())
	return hex.EncodeToString(mac.Sum(nil))
}

// String returns "[redacted]", or "[unset]" for the zero Value.
func (v Value) String() string {
	if v.h == nil {
		return unset
	}
	return redacted
}

// Format writes what String returns, for every verb and flag.
func (v Value) Format(f fmt.State, verb rune) { io.WriteString(f, v.String()) }

// LogValue returns what String returns.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }

// MarshalText returns what String returns.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// MarshalJSON returns "[redacted]" as a JSON string, or null for the zero Value.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.h == nil {
		return []byte("null"), nil
	}
	return []byte(`"` + redacted + `"`), nil
}

// MarshalYAML returns "[redacted]", or nil for the zero Value. It implements the Marshaler
// interface of yaml.v3 and goccy/go-yaml.
func (v Value) MarshalYAML() (any, error) {
	if v.h == nil {
		return nil, nil
	}
	return redacted, nil
}

// MarshalBinary always fails, since a binary form without the text would be useless.
func (v Value) MarshalBinary() ([]byte, error) { return nil, errOpaque }

// GobEncode always fails, as MarshalBinary does.
func (v Value) GobEncode() ([]byte, error) { return nil, errOpaque }

// UnmarshalText sets v to NewValue of text. It fails with [ErrRedacted] if text is what a Value
// prints.
func (v *Value) UnmarshalText(text []byte) error {
	s := string(text)
	if s == redacted || s == unset {
		return ErrRedacted
	}
	*v = NewValue(s)
	return nil
}

// UnmarshalJSON sets v to NewValue of a JSON string and does not change it for null. It fails with [ErrRedacted] if the
// string is what a Value prints. It also fails for any other kind of JSON value.
func (v *Value) UnmarshalJSON(data []byte) error {
	var s *string
	if json.Unmarshal(data, &s) != nil {
		return errNotString
	}
	if s == nil {
		return nil
	}
	return v.UnmarshalText([]byte(*s))
}
