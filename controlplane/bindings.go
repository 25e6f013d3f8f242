package controlplane

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// Kinds that package binding has no constant for.
const (
	secretKey     binding.Kind = "secret_key" // a key for the Web Crypto API, which is a secret as well
	durableObject binding.Kind = "durable_object_namespace"
)

func isSecret(b binding.Binding) bool { return b.Kind().IsSecret() || b.Kind() == secretKey }

// keyMembers are the members of a secret_key that are the key.
var keyMembers = []string{"key_base64", "key_jwk"}

// isKeyMember reports whether encoding/json takes a name for one of keyMembers.
func isKeyMember(name string) bool {
	return slices.ContainsFunc(keyMembers, func(key string) bool { return strings.EqualFold(key, name) })
}

// bindingResult is a var or a secret_text in an answer: a secret without its value.
type bindingResult struct {
	Name string          `json:"name"`
	Type binding.Kind    `json:"type"`
	Text *string         `json:"text,omitempty"`
	JSON json.RawMessage `json:"json,omitempty"`
}

// showBinding returns a bindingResult, or the members of a binding of another kind without the key
// of a secret_key.
func showBinding(b binding.Binding) any {
	result := bindingResult{Name: b.Name(), Type: b.Kind()}
	value, ok := b.Value()
	text := value.Reveal()
	switch {
	case b.Kind() == binding.PlainText:
		result.Text = &text
	case b.Kind() == binding.JSON:
		result.JSON = json.RawMessage(text)
	case !ok:
		isHidden := func(m member) bool { return b.Kind() == secretKey && isKeyMember(m.key) }
		return slices.DeleteFunc(membersOf(b), isHidden)
	}
	return result
}

// showBindings returns bindings as answers have them, in the order of their names.
func showBindings(set binding.Set) []any {
	list := make([]any, 0, set.Len())
	for b := range set.All() {
		list = append(list, showBinding(b))
	}
	return list
}

// membersOf returns a binding as a request has it, with the value of a secret.
func membersOf(b binding.Binding) object {
	o := object{{"name", quote(b.Name())}, {"type", quote(string(b.Kind()))}}
	value, _ := b.Value()
	switch b.Kind() {
	case binding.PlainText, binding.SecretText:
		return append(o, member{"text", quote(value.Reveal())})
	case binding.JSON:
		return append(o, member{"json", json.RawMessage(value.Reveal())})
	}
	attributes, _ := b.Attributes()
	var rest object
	json.Unmarshal([]byte(attributes.Reveal()), &rest) // an object, as package binding has checked
	return append(o, rest...)
}

// readBindings returns the bindings in a JSON array of objects, each with a name, a type, and the
// members of the type.
func readBindings(texts []json.RawMessage) (binding.Set, error) {
	list := make([]binding.Binding, 0, len(texts))
	for _, text := range texts {
		b, err := readBinding(text)
		if err != nil {
			return binding.Set{}, err
		}
		list = append(list, b)
	}
	return binding.NewSet(list...)
}

func readBinding(text json.RawMessage) (binding.Binding, error) {
	var b struct {
		Name *string
		Type binding.Kind
		Text *string
		JSON json.RawMessage
	}
	if json.Unmarshal(text, &b) != nil || b.Name == nil {
		return binding.Binding{},
			invalid("A binding is not an object with a name and a type, or its text is not a string.")
	}
	switch {
	case b.Type == binding.JSON && b.JSON != nil:
		return binding.JSONVar(*b.Name, string(b.JSON)), nil
	case b.Type == binding.PlainText && b.Text != nil:
		return binding.Var(*b.Name, *b.Text), nil
	case b.Type == binding.SecretText && b.Text != nil:
		return binding.Secret(*b.Name, *b.Text), nil
	case b.Type.IsVar() || b.Type.IsSecret():
		return binding.Binding{}, invalid("Binding '" + *b.Name + "' has no value.")
	}
	return readAttributes(*b.Name, b.Type, text)
}

// readAttributes returns a binding of a kind that is kept unchanged.
func readAttributes(name string, kind binding.Kind, text []byte) (binding.Binding, error) {
	var o object
	if json.Unmarshal(text, &o) != nil {
		return binding.Binding{}, errBody
	}
	attributes := o.without("name", "type").text()
	if kind == binding.Inherit {
		return binding.InheritedFrom(name, attributes), nil
	}
	return binding.Resource(kind, name, attributes), nil
}
