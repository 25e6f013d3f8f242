package controlplane

import (
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// listSecrets lists the secrets of the latest version, deployed or not.
func listSecrets(c *call) ([]version.Secret, error) {
	s, err := c.snapshot()
	if err != nil {
		return nil, err
	}
	return append([]version.Secret{}, s.Secrets()...), nil
}

func getSecret(c *call) (version.Secret, error) {
	s, err := c.snapshot()
	if err != nil {
		return version.Secret{}, err
	}
	name := c.params["secret"]
	i := slices.IndexFunc(s.Secrets(), func(secret version.Secret) bool { return secret.Name == name })
	if i < 0 {
		return version.Secret{}, &version.Error{Worker: c.script(), Binding: name, OfBinding: true, Err: version.ErrNoSecret}
	}
	return s.Secrets()[i], nil
}

// secretBody is a secret in a request.
type secretBody struct {
	Name *string
	Text *string
	Type binding.Kind
}

// text returns the value of the secret, which is to be of a kind that has a text.
func (b secretBody) text() (string, error) {
	if b.Text == nil || b.Type != "" && b.Type != binding.SecretText {
		return "", invalid("A secret is an object with a text, and of type secret_text.")
	}
	return *b.Text, nil
}

// putSecret makes a version with the secret and deploys it.
func putSecret(c *call, b secretBody) (version.Secret, error) {
	if b.Name == nil || *b.Name == "" {
		return version.Secret{}, invalid("A secret has a name.")
	}
	text, err := b.text()
	if err != nil {
		return version.Secret{}, err
	}
	err = c.update(func(tx *version.Tx) error {
		_, err := tx.SecretPut(*b.Name, text, c.meta(nil))
		return err
	})
	return version.Secret{Name: *b.Name, Kind: binding.SecretText}, err
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

func (b bulkBody) split() (set map[string]string, unset []string, err error) {
	set = make(map[string]string, len(b.Secrets))
	for _, name := range slices.Sorted(maps.Keys(b.Secrets)) {
		if secret := b.Secrets[name]; secret == nil {
			unset = append(unset, name)
		} else if set[name], err = secret.text(); err != nil {
			return nil, nil, err
		}
	}
	return set, unset, nil
}

// patchSecrets makes one version with all changes and deploys it. It answers with the secrets that there are then.
func patchSecrets(c *call, b bulkBody) (map[string]version.Secret, error) {
	set, unset, err := b.split()
	if err != nil {
		return nil, err
	}
	result := make(map[string]version.Secret)
	err = c.update(func(tx *version.Tx) error {
		if _, err := tx.SecretBulk(set, unset, c.meta(nil)); err != nil {
			return err
		}
		clear(result)
		for _, secret := range tx.Snapshot().Secrets() {
			result[secret.Name] = secret
		}
		return nil
	})
	if _, ok := errors.AsType[*version.NotDeployedError](err); ok {
		err = refuse(http.StatusBadRequest, 10214, settingsEdit) // not 10215, as the API
	}
	return result, err
}
