package controlplane

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// accountSubdomain is the account's part of the addresses under workers.dev.
type accountSubdomain struct {
	Subdomain string `json:"subdomain"`
}

var (
	errNoSubdomain    = refuse(http.StatusNotFound, 10007, "This account has no workers.dev subdomain.")
	errSubdomainTaken = refuse(http.StatusConflict, 10031, "This workers.dev subdomain is unavailable.")
	errSubdomainFree  = refuse(http.StatusNotFound, 10032, "This workers.dev subdomain is available.")
	errSubdomainSet   = refuse(http.StatusConflict, 10036, "This account has a workers.dev subdomain already.")
)

// subdomain returns the account's subdomain, "" if a client has given it up.
func (c *call) subdomain(ctx context.Context) (string, error) {
	s, err := c.account.settings.Read(ctx)
	if err != nil {
		return "", err
	}
	return c.subdomainIn(s), nil
}

func (c *call) subdomainIn(s version.Snapshot) string {
	if name, ok := s.Setting(subdomainName); ok {
		return name.Reveal()
	}
	return c.h.o.subdomain()
}

func getAccountSubdomain(c *call) (accountSubdomain, error) {
	name, err := c.subdomain(c.ctx())
	if err == nil && name == "" {
		err = errNoSubdomain
	}
	return accountSubdomain{name}, err
}

// setAccountSubdomain registers a subdomain for an account that has none.
func setAccountSubdomain(c *call, b accountSubdomain) (accountSubdomain, error) {
	if !isLabel(b.Subdomain, maxLabel) {
		return b, errBody
	}
	_, err := c.account.settings.Update(c.ctx(), func(tx *version.Tx) error {
		if now := c.subdomainIn(tx.Snapshot()); now != "" && now != b.Subdomain {
			return errSubdomainSet
		}
		return tx.PutSetting(subdomainName, binding.NewValue(b.Subdomain))
	})
	return b, err
}

func deleteAccountSubdomain(c *call) (any, error) {
	_, err := c.account.settings.Update(c.ctx(), func(tx *version.Tx) error { return tx.PutSetting(subdomainName, binding.NewValue("")) })
	return nil, err
}

// checkSubdomain tells by its error whether a subdomain could be registered. It knows of no other accounts.
func checkSubdomain(c *call) (any, error) {
	name, err := c.subdomain(c.ctx())
	switch asked := c.params["subdomain"]; {
	case err != nil:
		return nil, err
	case asked == name:
		return nil, errSubdomainTaken
	}
	return nil, errSubdomainFree
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

// upon returns the setting that b makes of another one. Previews follow the address itself where b switches that, and says nothing of
// them.
func (b subdomainBody) upon(set subdomainSetting) subdomainSetting {
	if b.Enabled != nil {
		set = subdomainSetting{*b.Enabled, *b.Enabled}
	}
	if b.PreviewsEnabled != nil {
		set.PreviewsEnabled = *b.PreviewsEnabled
	}
	return set
}

// setSubdomain switches the addresses of a Worker on or off.
func setSubdomain(c *call, b subdomainBody) (subdomainSetting, error) {
	if b.Enabled == nil {
		return subdomainSetting{}, errBody
	}
	set := b.upon(subdomainSetting{})
	return set, c.update(func(tx *version.Tx) error { return setSubdomainOf(tx, set) })
}

// deleteSubdomain switches all addresses of a Worker off.
func deleteSubdomain(c *call) (subdomainSetting, error) {
	off := subdomainSetting{}
	return off, c.update(func(tx *version.Tx) error { return setSubdomainOf(tx, off) })
}

func setSubdomainOf(tx *version.Tx, set subdomainSetting) error {
	text, err := json.Marshal(set)
	if err != nil {
		return err
	}
	return tx.PutSetting(subdomainName, binding.NewValue(string(text)))
}
