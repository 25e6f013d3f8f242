package controlplane

import (
	"encoding/json"

	"github.com/workerenv/workerenv/binding"
)

// secretKey is the kind of keys for the Web Crypto API. It is a secret, too: hidden are the attributes that are the key.
const secretKey binding.Kind = "secret_key"

var hidden = map[string]bool{"key_base64": true, "key_jwk": true}

// readBindings returns the bindings of a JSON array, each an object of a name, a type, and what the type asks for.
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
	var head struct {
		Name *string
		Type binding.Kind
		Text *string
		JSON json.RawMessage
	}
	if json.Unmarshal(text, &head) != nil || head.Name == nil {
		return binding.Binding{}, invalid("A binding is not an object with a name and a type, or its text is not a string.")
	}
	name := *head.Name
	switch {
	case head.Type == binding.JSON && head.JSON != nil:
		return binding.JSONVar(name, string(head.JSON)), nil
	case head.Type == binding.JSON || (head.Type == binding.PlainText || head.Type == binding.SecretText) && head.Text == nil:
		return binding.Binding{}, invalid("Binding '" + name + "' has no value.")
	case head.Type == binding.PlainText:
		return binding.Var(name, *head.Text), nil
	case head.Type == binding.SecretText:
		return binding.Secret(name, *head.Text), nil
	}
	return readAttributes(name, head.Type, text)
}

// readAttributes returns a binding that is carried as it is.
func readAttributes(name string, kind binding.Kind, text []byte) (binding.Binding, error) {
	all, err := members(text)
	if err != nil {
		return binding.Binding{}, err
	}
	var rest []member
	for _, m := range all {
		if m.key != "name" && m.key != "type" {
			rest = append(rest, m)
		}
	}
	if kind == binding.Inherit {
		return binding.InheritedFrom(name, string(object(rest))), nil
	}
	return binding.Resource(kind, name, string(object(rest))), nil
}

// revealed are the members of a binding in a request. They have the values of secrets in them: no response may.
func revealed(b binding.Binding) []member {
	list := []member{{"name", quote(b.Name())}, {"type", quote(string(b.Kind()))}}
	value, _ := b.Value()
	switch b.Kind() {
	case binding.PlainText, binding.SecretText:
		return append(list, member{"text", quote(value.Reveal())})
	case binding.JSON:
		return append(list, member{"json", json.RawMessage(value.Reveal())})
	}
	attributes, _ := b.Attributes()
	rest, _ := members([]byte(attributes.Reveal())) // which is an object, as package binding has checked
	return append(list, rest...)
}
