package controlplane_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

// TestKeys sends an API key with an e-mail address in the place of a token.
func TestKeys(t *testing.T) {
	c := newClient(t, controlplane.Options{Token: "right", Accounts: []string{"a"}})
	for _, test := range []struct {
		token, key, email string
		code              int
	}{
		{"", "right", "dev@example.com", 0},
		{"", "wrong", "dev@example.com", 10000},
		{"", "right", "", 9106},
		{"", "", "dev@example.com", 9106},
		{"Bearer wrong", "right", "dev@example.com", 10000},
		{"Bearer right", "wrong", "dev@example.com", 0},
		{"Bearer ", "right", "dev@example.com", 10000},
	} {
		r := c.do("GET", account+"/workers/subdomain", "", "Authorization: "+test.token, "X-Auth-Key: "+test.key,
			"X-Auth-Email: "+test.email)
		require.Equal(t, test.code, r.code(), "%v: %s", test, r.text)
	}
}

// TestTerraformSettings reads what Terraform's provider v5.22.0 and cloudflare-go v0 read.
func TestTerraformSettings(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.True(t, c.deploy(`{"name":"A","type":"plain_text","text":"a"}`,
		`{"name":"S","type":"secret_text","text":"canary-7d1f"}`).Success)
	var set struct{ Placement, Limits, Bindings json.RawMessage }
	require.NoError(t, json.Unmarshal(c.do("GET", scripts+"/shop/settings", "").Result, &set))
	require.Equal(t, "{}", string(set.Placement))
	require.Equal(t, "{}", string(set.Limits))
	require.JSONEq(t, `[{"name":"A","type":"plain_text","text":"a"},{"name":"S","type":"secret_text"}]`,
		string(set.Bindings))
	require.Equal(t, string(set.Bindings), string(c.do("GET", scripts+"/shop/bindings", "").Result))
	require.Equal(t, 10007, c.do("GET", scripts+"/none/bindings", "").code())
	for _, null := range []string{`"placement":null`, `"limits":null`, `"placement":null,"limits":null`} {
		require.True(t, c.patchSettings("{"+null+"}").Success)
		require.Contains(t, c.do("GET", scripts+"/shop/settings", "").text, `"limits":{},"placement":{}`)
	}
}

// TestZonesByName asks for zones as SDKs do: by name, without an account.
func TestZonesByName(t *testing.T) {
	for _, test := range []struct {
		accounts []string
		account  string
	}{
		{nil, "0123456789abcdef0123456789abcdef"}, {[]string{"b", "c"}, "b"},
	} {
		c := newClient(t, controlplane.Options{Accounts: test.accounts})
		var zones []struct {
			ID      string
			Account struct{ ID string }
		}
		r := c.do("GET", "/client/v4/zones?name=example.com&per_page=50", "")
		require.NoError(t, json.Unmarshal(r.Result, &zones))
		require.Len(t, zones, 1)
		require.Equal(t, test.account, zones[0].Account.ID)
		one := c.do("GET", "/client/v4/zones/"+zones[0].ID, "")
		require.JSONEq(t, string(r.Result), "["+string(one.Result)+"]")
		require.Equal(t, r.text, c.do("GET", "/client/v4/zones?account.id="+test.account+"&name=example.com", "").text)
		require.Equal(t, 7003, c.do("GET", "/client/v4/zones/none", "").code())

		const module = "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"m\"}\r\n--b\r\nContent-Disposition: form-data; name=m\r\n\r\nx\r\n--b--\r\n"
		require.True(t, c.do("PUT", "/client/v4/accounts/"+test.account+"/workers/scripts/shop", module,
			"Content-Type: multipart/form-data; boundary=b").Success)
		routes := "/client/v4/zones/" + zones[0].ID + "/workers/routes"
		var made struct{ ID string }
		r = c.do("POST", routes, `{"pattern":"*.example.com/*","script":"shop"}`)
		require.NoError(t, json.Unmarshal(r.Result, &made), r.text)
		require.Equal(t, string(r.Result), string(c.do("GET", routes+"/"+made.ID, "").Result))
		require.Equal(t, 10020, c.do("POST", routes, `{"pattern":"*.example.com/*","script":"shop"}`).code())
		require.Equal(t, 10022, c.do("POST", routes, `{"pattern":"example.org/*","script":"shop"}`).code())
		require.Equal(t, 10007, c.do("POST", routes, `{"pattern":"example.com/*","script":"none"}`).code())
		// A route keeps its ID, or Terraform's provider says that it "produced inconsistent result after apply".
		r = c.do("PUT", routes+"/"+made.ID, `{"pattern":"example.com/a*","script":"shop"}`)
		require.JSONEq(t, `{"id":"`+made.ID+`","pattern":"example.com/a*","script":"shop"}`, string(r.Result))
		require.JSONEq(t, "["+string(r.Result)+"]", string(c.do("GET", routes, "").Result))
		var other struct{ ID string }
		r = c.do("POST", routes, `{"pattern":"*.example.com/*","script":"shop"}`)
		require.NoError(t, json.Unmarshal(r.Result, &other), r.text)
		require.NotEqual(t, made.ID, other.ID)
		require.Equal(t, string(r.Result), string(c.do("GET", routes+"/"+other.ID, "").Result))
		all := c.do("GET", routes, "")
		r = c.do("PUT", "/client/v4/accounts/"+test.account+"/workers/scripts/shop/routes",
			`[{"pattern":"*.example.com/*"},{"pattern":"example.com/a*"}]`)
		require.True(t, r.Success, r.text)
		require.Equal(t, all.text, c.do("GET", routes, "").text)
		require.True(t, c.do("DELETE", routes+"/"+other.ID, "").Success)
		require.True(t, c.do("DELETE", routes+"/"+made.ID, "").Success)
		require.Equal(t, 10009, c.do("DELETE", routes+"/"+made.ID, "").code())
		require.JSONEq(t, "[]", string(c.do("GET", routes, "").Result))
	}
}

func TestDomains(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.True(t, c.deploy().Success)
	const domains = account + "/workers/domains"
	r := c.do("PUT", domains,
		`{"hostname":"shop.example.com","service":"shop","environment":"production","zone_name":"example.com"}`)
	require.True(t, r.Success, r.text)
	var made struct{ ID string }
	require.NoError(t, json.Unmarshal(r.Result, &made))
	require.Equal(t, string(r.Result), string(c.do("GET", domains+"/"+made.ID, "").Result))
	require.JSONEq(t, "["+string(r.Result)+"]",
		string(c.do("GET", domains+"?hostname=shop.example.com&service=shop", "").Result))
	require.JSONEq(t, "[]", string(c.do("GET", domains+"?zone_name=example.org", "").Result))
	for body, code := range map[string]int{
		`{"hostname":"shop","service":"shop"}`:                                    10004,
		`{"hostname":"a.example.com","service":"none"}`:                           10007,
		`{"hostname":"a.example.com","service":"shop","environment":"staging"}`:   990001,
		`{"hostname":"a.example.com","service":"shop","zone_name":"example.org"}`: 100116,
		`{"hostname":"a.example.com","service":"shop","previews_enabled":true}`:   990001,
		`{"hostname":"a.example.com","service":"shop","zone_id":"elsewhere"}`:     100116,
	} {
		require.Equal(t, code, c.do("PUT", domains, body).code(), body)
	}
	require.True(t, c.do("DELETE", domains+"/"+made.ID, "").Success)
	require.Equal(t, 100114, c.do("GET", domains+"/"+made.ID, "").code())
}

func TestAccountSettings(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	const path = account + "/workers/account-settings"
	require.JSONEq(t, `{"default_usage_model":"standard","green_compute":false}`, string(c.do("GET", path, "").Result))
	require.True(t, c.do("PUT", path, `{"green_compute":true}`).Success)
	require.JSONEq(t, `{"default_usage_model":"standard","green_compute":true}`, string(c.do("GET", path, "").Result))
	require.Equal(t, 10004, c.do("PUT", path, `{"green_compute":5}`).code())
	require.Equal(t, 990001, c.do("PUT", path, `{"color":"green"}`).code())
}
