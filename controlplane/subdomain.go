package controlplane

import (
	"encoding/json"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// accountSubdomain is the workers.dev subdomain of an account.
type accountSubdomain struct {
	Subdomain string `json:"subdomain"`
}

var (
	errNoSubdomain    = refuse(404, 10007, "This account has no workers.dev subdomain.")
	errSubdomainTaken = refuse(409, 10031, "This workers.dev subdomain is unavailable.")
	errSubdomainFree  = refuse(404, 10032, "This workers.dev subdomain is available.")
	errSubdomainSet   = refuse(409, 10036, "This account has a workers.dev subdomain already.")
)

// subdomain returns the account's subdomain, "" if a client has deleted it.
func (c *call) subdomain() (string, error) {
	s, err := c.account.settings.Read(c.ctx())
	return c.subdomainIn(s), err
}

func (c *call) subdomainIn(s version.Snapshot) string {
	if name, ok := s.Setting(subdomainName); ok {
		return name.Reveal()
	}
	return c.h.o.Subdomain
}

func getAccountSubdomain(c *call) (any, error) {
	name, err := c.subdomain()
	if err == nil && name == "" {
		err = errNoSubdomain
	}
	return accountSubdomain{name}, err
}

// putAccountSubdomain registers a subdomain for an account that has none.
func putAccountSubdomain(c *call, b accountSubdomain) (any, error) {
	if !isLabel(b.Subdomain, maxLabel) {
		return nil, errBody
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
	_, err := c.account.settings.Update(c.ctx(), func(tx *version.Tx) error {
		return tx.PutSetting(subdomainName, binding.NewValue(""))
	})
	return nil, err
}

// checkSubdomain always fails. Its error says whether a subdomain can be registered; it ignores
// other accounts.
func checkSubdomain(c *call) (any, error) {
	name, err := c.subdomain()
	if err != nil {
		return nil, err
	}
	if c.r.PathValue("subdomain") == name {
		return nil, errSubdomainTaken
	}
	return nil, errSubdomainFree
}

// accountSettings are the settings of Workers of an account.
type accountSettings struct {
	DefaultUsageModel string `json:"default_usage_model"`
	GreenCompute      bool   `json:"green_compute"`
}

func accountSettingsOf(s version.Snapshot) accountSettings {
	set := accountSettings{DefaultUsageModel: standardUsage}
	readSetting(s, accountSettingsName, &set)
	return set
}

func getAccountSettings(c *call) (any, error) {
	s, err := c.account.settings.Read(c.ctx())
	return accountSettingsOf(s), err
}

// putAccountSettings changes the settings in the body.
func putAccountSettings(c *call, o object) (any, error) {
	if err := o.onlyHas([]string{"default_usage_model", "green_compute"}); err != nil {
		return nil, err
	}
	var set accountSettings
	_, err := c.account.settings.Update(c.ctx(), func(tx *version.Tx) error {
		set = accountSettingsOf(tx.Snapshot())
		if json.Unmarshal([]byte(o.text()), &set) != nil {
			return errBody
		}
		return putSetting(tx, accountSettingsName, set)
	})
	return set, err
}

// subdomainResult says whether a Worker has addresses under workers.dev. A new Worker has none.
type subdomainResult struct {
	Enabled         bool `json:"enabled"`
	PreviewsEnabled bool `json:"previews_enabled"`
}

func subdomainOf(s version.Snapshot) subdomainResult {
	var set subdomainResult
	readSetting(s, subdomainName, &set)
	return set
}

func getSubdomain(_ *call, s version.Snapshot) (any, error) {
	return subdomainOf(s), nil
}

type subdomainBody struct {
	Enabled         *bool
	PreviewsEnabled *bool `json:"previews_enabled"`

	_ struct{} `accepts:"preview_url_suffix url"`
}

// apply returns the setting that b makes of another one. If b has only Enabled, it holds for
// previews as well.
func (b subdomainBody) apply(set subdomainResult) subdomainResult {
	if b.Enabled != nil {
		set = subdomainResult{*b.Enabled, *b.Enabled}
	}
	if b.PreviewsEnabled != nil {
		set.PreviewsEnabled = *b.PreviewsEnabled
	}
	return set
}

// setSubdomain enables or disables the addresses of a Worker.
func setSubdomain(c *call, b subdomainBody) (any, error) {
	if b.Enabled == nil {
		return nil, errBody
	}
	set := b.apply(subdomainResult{})
	return set, c.update(func(tx *version.Tx) error { return putSetting(tx, subdomainName, set) })
}

// deleteSubdomain disables all addresses of a Worker.
func deleteSubdomain(c *call) (any, error) { return setSubdomain(c, subdomainBody{Enabled: new(bool)}) }
