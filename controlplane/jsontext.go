package controlplane

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/workerenv/workerenv/binding"
)

// jsonText is a result that writes its own JSON: the lists that clients ask for most are long, and encoding/json would need many times
// their length in memory.
type jsonText interface {
	// appendJSON appends the JSON of the result to b, in which <, > and & stand for themselves.
	appendJSON(b []byte) []byte
}

// appendValue appends the JSON of a result of this package. An error leaves b as it is.
func appendValue(b []byte, value any) ([]byte, error) {
	if text, ok := value.(jsonText); ok {
		return text.appendJSON(b), nil
	}
	buffer := bytes.NewBuffer(b)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return b, err
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte{'\n'}), nil
}

// appendList appends a JSON array.
func appendList[T jsonText](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.appendJSON(b)
	}
	return append(b, ']')
}

// appendStrings appends a JSON array of strings.
func appendStrings(b []byte, list []string) []byte {
	b = append(b, '[')
	for i, text := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, text)
	}
	return append(b, ']')
}

// appendMember appends a member of a JSON object whose value is a string. The key is written as it is, with whatever stands before
// it: `{"id":` or `,"id":`.
func appendMember(b []byte, key, text string) []byte { return appendQuoted(append(b, key...), text) }

// appendQuoted appends text as JSON.
func appendQuoted(b []byte, text string) []byte {
	if !isPlain(text) {
		return append(b, quote(text)...)
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

// isPlain reports whether JSON needs no escapes for text, nor a closer look.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// appendCompact appends a JSON text that has been checked, without the space in it.
func appendCompact(b, text []byte) []byte {
	buffer := bytes.NewBuffer(b)
	if json.Compact(buffer, text) != nil {
		return append(b, "null"...)
	}
	return buffer.Bytes()
}

// timestamp is a time as the API writes it. wrangler sorts them as texts.
type timestamp time.Time

const timeLayout = "2006-01-02T15:04:05.000000Z"

func (t timestamp) text() string { return time.Time(t).UTC().Format(timeLayout) }

func (t timestamp) appendJSON(b []byte) []byte {
	b = append(b, '"')
	b = time.Time(t).UTC().AppendFormat(b, timeLayout)
	return append(b, '"')
}

func (t timestamp) MarshalJSON() ([]byte, error) {
	return t.appendJSON(make([]byte, 0, len(timeLayout)+2)), nil
}

// shownBindings are bindings as the API shows them, in the order of their names: without the values of secrets.
type shownBindings binding.Set

func (s shownBindings) MarshalJSON() ([]byte, error) { return s.appendJSON(nil), nil }

func (s shownBindings) appendJSON(b []byte) []byte {
	b = append(b, '[')
	first := true
	for shown := range binding.Set(s).All() {
		if !first {
			b = append(b, ',')
		}
		b, first = shownBinding(shown).appendJSON(b), false
	}
	return append(b, ']')
}

// shownBinding is a binding as the API shows it: a secret without its value.
type shownBinding binding.Binding

func (s shownBinding) appendJSON(b []byte) []byte {
	shown := binding.Binding(s)
	b = appendMember(b, `{"name":`, shown.Name())
	b = appendMember(b, `,"type":`, string(shown.Kind()))
	value, _ := shown.Value()
	switch shown.Kind() {
	case binding.SecretText:
	case binding.PlainText:
		b = appendMember(b, `,"text":`, value.Reveal())
	case binding.JSON:
		b = appendCompact(append(b, `,"json":`...), []byte(value.Reveal()))
	default:
		b = appendAttributes(b, shown)
	}
	return append(b, '}')
}

// appendAttributes appends the members that a binding of another kind has, but for the key of a secret_key.
func appendAttributes(b []byte, shown binding.Binding) []byte {
	attributes, _ := shown.Attributes()
	list, _ := members([]byte(attributes.Reveal())) // which is an object, as package binding has checked
	for _, m := range list {
		if shown.Kind() == secretKey && hidden[m.key] {
			continue
		}
		b = append(appendQuoted(append(b, ','), m.key), ':')
		b = appendCompact(b, m.value)
	}
	return b
}
