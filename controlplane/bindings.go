package controlplane

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
)

// Kinds that package binding has no constant for.
const (
	secretKey     binding.Kind = "secret_key"           // a key for the Web Crypto API, which is a secret as well
	secretsStore  binding.Kind = "secrets_store_secret" // names a secret, but has no value
	durableObject binding.Kind = "durable_object_namespace"
	service       binding.Kind = "service"
)

func isSecret(b binding.Binding) bool { return b.Kind().IsSecret() || b.Kind() == secretKey }

// keyMembers are the members of a secret_key that are the key.
var keyMembers = []string{"key_base64", "key_jwk"}

// isKeyMember reports whether encoding/json takes a name for one of keyMembers.
func isKeyMember(name string) bool {
	return slices.ContainsFunc(keyMembers, func(key string) bool { return strings.EqualFold(key, name) })
}

// resourceText are members that only vars and secrets have. A binding of another type with one of
// them is a secret whose type is mistyped; as a resource, it would be shown.
var resourceText = []string{"text", "json", "value", "key_base64", "key_jwk"}

// isMistyped reports whether a binding of a type that is neither a var nor a secret was meant as one.
func isMistyped(kind binding.Kind, members object) bool {
	switch kind {
	case "", binding.Inherit, secretKey, secretsStore:
		return false
	}
	plain := strings.Trim(string(kind), lowerCase+digits+"_") == ""
	return !plain || strings.Contains(string(kind), "secret") || slices.ContainsFunc(members, func(m member) bool {
		return slices.ContainsFunc(resourceText, func(key string) bool { return strings.EqualFold(key, m.key) })
	})
}

// bindingResult is a var or a secret_text in an answer: a secret without its value.
type bindingResult struct {
	Name string          `json:"name"`
	Type binding.Kind    `json:"type"`
	Text *string         `json:"text,omitempty"`
	JSON json.RawMessage `json:"json,omitempty"`
}

// showBinding returns a bindingResult, or the members of a binding of another kind: of a secret_key
// without the key, of a service with its environment.
func showBinding(b binding.Binding) any {
	result := bindingResult{Name: b.Name(), Type: b.Kind()}
	value, ok := b.Value()
	text := value.Reveal()
	switch {
	case b.Kind() == binding.PlainText:
		result.Text = &text
	case b.Kind() == binding.JSON:
		result.JSON = json.RawMessage(text)
	case ok:
		return result
	case b.Kind() == secretKey:
		return slices.DeleteFunc(membersOf(b), func(m member) bool { return isKeyMember(m.key) })
	case b.Kind() == service && !membersOf(b).has("environment"):
		return append(membersOf(b), member{"environment", quote(production)})
	default:
		return membersOf(b)
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
	if err := checkOrigins(list); err != nil {
		return binding.Set{}, err
	}
	return binding.NewSet(list...)
}

// checkOrigins fails if inherit bindings name a version. It has one error for each of them, in the
// words of the API.
func checkOrigins(list []binding.Binding) error {
	f := &failure{status: http.StatusBadRequest}
	for _, b := range list {
		if _, id := b.Origin(); b.Kind() == binding.Inherit && id != "" && id != "latest" {
			f.errors = append(f.errors, apiError{10057, fmt.Sprintf("inherit binding '%s' is invalid: 'version_id' value '%s' "+
				"is invalid, only the literal 'latest' is supported by this API", b.Name(), cut(id, maxShownName))})
		}
	}
	if len(f.errors) == 0 {
		return nil
	}
	return f
}

// withoutUnresolved returns set without the inherit bindings that base does not have.
func withoutUnresolved(set, base binding.Set) binding.Set {
	return set.Filter(func(b binding.Binding) bool {
		name, _ := b.Origin()
		_, ok := base.Lookup(name)
		return b.Kind() != binding.Inherit || ok
	})
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
	var all object
	json.Unmarshal(text, &all) // an object, as before
	if known := bindingMembers[b.Type]; known != nil {
		if err := all.onlyHas(known); err != nil {
			return binding.Binding{}, err
		}
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
	return readAttributes(*b.Name, b.Type, all)
}

// readAttributes returns a binding of a kind that is kept unchanged.
func readAttributes(name string, kind binding.Kind, o object) (binding.Binding, error) {
	if isMistyped(kind, o) {
		return binding.Binding{}, invalid("Binding '" + name + "' has a type that does not exist, " +
			"or a member that only vars and secrets have.")
	}
	attributes := o.without("name", "type").text()
	if kind == binding.Inherit {
		return binding.InheritedFrom(name, attributes), nil
	}
	return binding.Resource(kind, name, attributes), nil
}
