package binding

// Kind says what a binding is, in the words of Cloudflare's API, where it is the member "type".
//
// Any string other than the constants here and "" is the kind of a resource, as "kv_namespace", and is carried
// as it is. The zero Kind is that of the zero Binding.
type Kind string

// The kinds that this library knows the meaning of.
const (
	PlainText  Kind = "plain_text"  // a var that is a string
	JSON       Kind = "json"        // a var that is any JSON value
	SecretText Kind = "secret_text" // a secret, always a string
	Inherit    Kind = "inherit"     // stands for a binding of another version until [Set.Inherit] puts it there
)

// IsVar reports whether k is one of the two kinds of vars, PlainText and JSON.
func (k Kind) IsVar() bool { return k == PlainText || k == JSON }

// IsSecret reports whether k is the kind of a secret, SecretText.
func (k Kind) IsSecret() bool { return k == SecretText }

// IsResource reports whether k is carried as it is: it is not "" and none of the constants of this package.
func (k Kind) IsResource() bool {
	return k != "" && k != Inherit && !k.IsVar() && !k.IsSecret()
}
