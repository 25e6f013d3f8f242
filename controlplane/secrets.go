package controlplane

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// listSecrets lists the secrets of the latest version, deployed or not, without their values.
func listSecrets(c *call) (shownBindings, error) {
	s, err := c.snapshot()
	return shownBindings(secretsOf(s)), err
}

func secretsOf(s version.Snapshot) binding.Set {
	latest, _ := s.Latest()
	return latest.Bindings().Filter(isSecret)
}

func isSecret(b binding.Binding) bool { return b.Kind().IsSecret() || b.Kind() == secretKey }

func getSecret(c *call) (shownBinding, error) {
	s, err := c.snapshot()
	if err != nil {
		return shownBinding{}, err
	}
	name := c.params["secret"]
	b, ok := secretsOf(s).Lookup(name)
	if !ok {
		return shownBinding{}, &version.Error{Worker: c.script(), Binding: name, Err: version.ErrNoSecret}
	}
	return shownBinding(b), nil
}

// secretBody is a secret in a request.
type secretBody struct {
	Name *string
	Text *string
	Type binding.Kind
	all  json.RawMessage // all members, for a kind that has others
}

func (b *secretBody) UnmarshalJSON(text []byte) error {
	type fields secretBody // less this method
	b.all = slices.Clone(text)
	return json.Unmarshal(text, (*fields)(b))
}

// binding returns the secret under a name: a text, or a key for the Web Crypto API.
func (b secretBody) binding(name string) (binding.Binding, error) {
	switch {
	case b.Type == secretKey:
		return b.key(name)
	case b.Text == nil || b.Type != "" && b.Type != binding.SecretText:
		return binding.Binding{}, invalid("A secret is an object with a text, and of type secret_text or secret_key.")
	}
	return binding.Secret(name, *b.Text), nil
}

func (b secretBody) key(name string) (binding.Binding, error) {
	var key struct {
		Format, Algorithm, Usages json.RawMessage
		Base64                    json.RawMessage `json:"key_base64"`
		JWK                       json.RawMessage `json:"key_jwk"`
	}
	if json.Unmarshal(b.all, &key) != nil || key.Format == nil || key.Algorithm == nil || key.Usages == nil || key.Base64 == nil && key.JWK == nil {
		return binding.Binding{}, invalid("A secret_key has a format, an algorithm, usages, and key_base64 or key_jwk.")
	}
	return readAttributes(name, secretKey, b.all)
}

// putSecret makes a version with the secret and deploys it.
func putSecret(c *call, b secretBody) (shownBinding, error) {
	if b.Name == nil || *b.Name == "" {
		return shownBinding{}, invalid("A secret has a name.")
	}
	secret, err := b.binding(*b.Name)
	if err != nil {
		return shownBinding{}, err
	}
	return shownBinding(secret), c.update(func(tx *version.Tx) error { return c.editSecrets(tx, []binding.Binding{secret}, nil) })
}

// editSecrets makes a version with all changes and deploys it.
func (c *call) editSecrets(tx *version.Tx, set []binding.Binding, unset []string) error {
	texts := make(map[string]string)
	for _, b := range set {
		if value, ok := b.Value(); ok {
			texts[b.Name()] = value.Reveal()
		}
	}
	if len(texts) == len(set) {
		_, err := tx.SecretBulk(texts, unset, c.meta(nil))
		return err
	}
	return c.editKeys(tx, set, unset)
}

// editKeys is editSecrets for secrets of which some are keys, by the same rules.
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
		_, err := tx.SecretDelete(c.params["secret"], c.meta(nil))
		return err
	})
}

// bulkBody has the secrets to set, and null for those to remove.
type bulkBody struct {
	Secrets map[string]*secretBody
}

func (b bulkBody) split() (set []binding.Binding, unset []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(b.Secrets)) {
		if b.Secrets[name] == nil {
			unset = append(unset, name)
			continue
		}
		secret, err := b.Secrets[name].binding(name)
		if err != nil {
			return nil, nil, err
		}
		set = append(set, secret)
	}
	return set, unset, nil
}

// patchSecrets makes one version with all changes and deploys it. It answers with the secrets that there are then.
func patchSecrets(c *call, b bulkBody) (map[string]json.RawMessage, error) {
	set, unset, err := b.split()
	if err != nil {
		return nil, err
	}
	result := make(map[string]json.RawMessage)
	err = c.update(func(tx *version.Tx) error {
		if err := c.editSecrets(tx, set, unset); err != nil {
			return err
		}
		clear(result)
		for secret := range secretsOf(tx.Snapshot()).All() {
			result[secret.Name()] = shownBinding(secret).appendJSON(nil)
		}
		return nil
	})
	if _, ok := errors.AsType[*version.NotDeployedError](err); ok {
		err = refuse(http.StatusBadRequest, 10214, settingsEdit) // not 10215, as the API
	}
	return result, err
}
