package controlplane

import (
	"encoding/json"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

type accountSubdomain struct {
	Subdomain string `json:"subdomain"`
}

// getAccountSubdomain tells the account's part of the addresses under workers.dev.
func getAccountSubdomain(c *call) (accountSubdomain, error) {
	return accountSubdomain{c.h.o.subdomain()}, nil
}

// subdomainSetting tells whether a Worker has addresses under workers.dev. A new Worker has none.
type subdomainSetting struct {
	Enabled         bool `json:"enabled"`
	PreviewsEnabled bool `json:"previews_enabled"`
}

func subdomainOf(s version.Snapshot) subdomainSetting {
	var set subdomainSetting
	if text, ok := s.Setting(subdomainName); ok {
		json.Unmarshal([]byte(text.Reveal()), &set)
	}
	return set
}

func getSubdomain(c *call) (subdomainSetting, error) {
	s, err := c.snapshot()
	return subdomainOf(s), err
}

type subdomainBody struct {
	Enabled         *bool
	PreviewsEnabled *bool `json:"previews_enabled"`
}

// setSubdomain switches the addresses of a Worker on or off. Previews follow the address itself where the body says
// nothing of them.
func setSubdomain(c *call, b subdomainBody) (subdomainSetting, error) {
	if b.Enabled == nil {
		return subdomainSetting{}, errBody
	}
	set := subdomainSetting{Enabled: *b.Enabled, PreviewsEnabled: *b.Enabled}
	if b.PreviewsEnabled != nil {
		set.PreviewsEnabled = *b.PreviewsEnabled
	}
	return set, c.update(func(tx *version.Tx) error { return setSubdomainOf(tx, set) })
}

func setSubdomainOf(tx *version.Tx, set subdomainSetting) error {
	text, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return tx.Set(subdomainName, binding.NewValue(string(text)))
}
