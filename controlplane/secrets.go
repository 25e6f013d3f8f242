package controlplane

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// listSecrets lists the secrets of the latest version, deployed or not, without their values.
func listSecrets(_ *call, s version.Snapshot) (any, error) {
	return showBindings(secretsOf(s)), nil
}

func secretsOf(s version.Snapshot) binding.Set {
	latest, _ := s.Latest()
	return latest.Bindings().Filter(isSecret)
}

func getSecret(c *call, s version.Snapshot) (any, error) {
	name := c.r.PathValue("secret")
	b, ok := secretsOf(s).Lookup(name)
	if !ok {
		return nil, &version.Error{Worker: c.script(), Binding: name, Err: version.ErrNoSecret}
	}
	return showBinding(b), nil
}

// readSecret returns a secret in a request, which is a secret_text unless it has another type.
func readSecret(o object) (binding.Binding, error) {
	o = object{}.merged(o) // without the members that are null
	if !o.has("type") {
		o = append(o, member{"type", quote(string(binding.SecretText))})
	}
	b, err := readBinding([]byte(o.text()))
	switch {
	case err != nil:
		return b, err
	case b.Name() == "":
		return b, invalid("A secret has a name.")
	case b.Kind() == secretKey && !(o.has("algorithm") && o.has("format") && o.has("usages") &&
		slices.ContainsFunc(keyMembers, o.has)):
		return b, invalid("A secret_key has a format, an algorithm, usages, and key_base64 or key_jwk.")
	case !isSecret(b):
		return b, invalid("A secret is an object with a text, and of type secret_text or secret_key.")
	}
	return b, nil
}

// putSecret makes a version with the secret and deploys it.
func putSecret(c *call, o object) (any, error) {
	secret, err := readSecret(o)
	if err != nil {
		return nil, err
	}
	set := []binding.Binding{secret}
	return showBinding(secret), c.update(func(tx *version.Tx) error { return c.editSecrets(tx, set, nil) })
}

// editSecrets makes one version with all changes and deploys it.
func (c *call) editSecrets(tx *version.Tx, set []binding.Binding, unset []string) error {
	texts := make(map[string]string)
	for _, b := range set {
		value, ok := b.Value()
		if !ok {
			return c.editKeys(tx, set, unset)
		}
		texts[b.Name()] = value.Reveal()
	}
	_, err := tx.SecretBulk(texts, unset, c.meta(nil))
	return err
}

// editKeys is editSecrets for secrets some of which are keys, which [version.Tx.SecretBulk] does
// not take.
func (c *call) editKeys(tx *version.Tx, set []binding.Binding, unset []string) error {
	latest, _ := tx.Latest()
	names := slices.Clone(unset)
	for _, b := range set {
		names = append(names, b.Name())
	}
	for _, name := range names {
		if b, ok := latest.Bindings().Lookup(name); ok && !isSecret(b) {
			return &version.Error{Worker: c.script(), Binding: name, Err: version.ErrNameInUse}
		}
	}
	edit := version.Edit{Set: set, Unset: unset, Meta: c.meta(nil)}
	edit.Meta.Annotations[version.AnnotationTriggeredBy] = "secret"
	_, err := tx.EditAndDeploy(edit)
	return err
}

// deleteSecret makes a version without the secret and deploys it.
func deleteSecret(c *call) (any, error) {
	return nil, c.update(func(tx *version.Tx) error {
		_, err := tx.SecretDelete(c.r.PathValue("secret"), c.meta(nil))
		return err
	})
}

// bulkBody has the secrets to set, and null for those to remove.
type bulkBody struct {
	Secrets map[string]*object
}

// maxBulk is how many secrets a request can set and remove.
const maxBulk = 100

// patchSecrets makes one version with all changes and deploys it. Its result has all secrets by
// name.
func patchSecrets(c *call, b bulkBody) (any, error) {
	if n := len(b.Secrets); n > maxBulk {
		return nil, refuse(http.StatusBadRequest, 100160, fmt.Sprintf("Bulk secret request contains %d secrets, "+
			"which exceeds the limit of %d per request. Please split the request into smaller batches.", n, maxBulk))
	}
	var set []binding.Binding
	var unset []string
	for _, name := range slices.Sorted(maps.Keys(b.Secrets)) {
		if b.Secrets[name] == nil {
			unset = append(unset, name)
			continue
		}
		secret, err := readSecret(append(b.Secrets[name].without("name"), member{"name", quote(name)}))
		if err != nil {
			return nil, err
		}
		set = append(set, secret)
	}
	result, err := updateTo(c, func(tx *version.Tx) (map[string]any, error) {
		err := c.editSecrets(tx, set, unset)
		result := make(map[string]any)
		for secret := range secretsOf(tx.Snapshot()).All() {
			result[secret.Name()] = showBinding(secret)
		}
		return result, err
	})
	return result, settingsFailure(err)
}
