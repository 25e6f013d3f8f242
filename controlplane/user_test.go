package controlplane_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/version"
)

func TestUser(t *testing.T) {
	c := newClient(t, controlplane.Options{
		Token: "token", Accounts: []string{"a", "b", "c"}, Author: version.Author{ID: "u", Email: "dev@example.com"},
	})
	require.JSONEq(t, `{"id":"u","email":"dev@example.com"}`, string(c.do("GET", "/client/v4/user", "").Result))
	r := c.do("GET", "/client/v4/user/tokens/verify", "")
	require.Contains(t, r.text, `"status":"active"`)
	require.Contains(t, r.text, `"messages":[{"code":10000,"message":"This API Token is valid and active"}]`)
	require.JSONEq(t, `{"id":"b","name":"dev@example.com's Account","type":"standard"}`,
		string(c.do("GET", "/client/v4/accounts/b", "").Result))

	var accounts []struct{ ID string }
	r = c.do("GET", "/client/v4/accounts?page=2&per_page=2", "")
	require.NoError(t, json.Unmarshal(r.Result, &accounts))
	require.Equal(t, []struct{ ID string }{{"c"}}, accounts)
	require.Contains(t, r.text, `"total_count":3`)

	var memberships []struct{ Account struct{ ID string } }
	require.NoError(t, json.Unmarshal(c.do("GET", "/client/v4/memberships", "").Result, &memberships))
	require.Len(t, memberships, 3)
	require.Equal(t, "a", memberships[0].Account.ID)
}

func TestStrangers(t *testing.T) {
	c := newClient(t, controlplane.Options{Token: "right", Accounts: []string{"a"}})
	for path, code := range map[string]int{
		"/client/v4/user": 9109, "/client/v4/user/tokens/verify": 1000, "/client/v4/accounts": 9109,
		"/client/v4/memberships": 9106,
		"/client/v4/accounts/a":  10000,
	} {
		require.Equal(t, code, c.do("GET", path, "").code(), path)
	}
}

func TestSubdomain(t *testing.T) {
	const subdomain, others = account + "/workers/subdomain", account + "/workers/subdomains/"
	c := newClient(t, controlplane.Options{Subdomain: "first"})
	require.JSONEq(t, `{"subdomain":"first"}`, string(c.do("GET", subdomain, "").Result))
	require.Equal(t, 10031, c.do("GET", others+"first", "").code())
	require.Equal(t, 10032, c.do("GET", others+"second", "").code())
	require.Equal(t, 10036, c.do("PUT", subdomain, `{"subdomain":"second"}`).code())
	require.True(t, c.do("PUT", subdomain, `{"subdomain":"first"}`).Success)

	require.True(t, c.do("DELETE", subdomain, "").Success)
	require.Equal(t, 10007, c.do("GET", subdomain, "").code())
	require.True(t, c.deploy().Success)
	require.Contains(t, c.do("GET", account+"/workers/workers/shop", "").text, `"url":""`)
	for _, bad := range []string{`{"subdomain":"-"}`, `{"subdomain":"A"}`, `{"subdomain":5}`, `{}`, `[]`} {
		require.Equal(t, 10004, c.do("PUT", subdomain, bad).code(), bad)
	}
	require.True(t, c.do("PUT", subdomain, `{"subdomain":"second"}`).Success)
	require.JSONEq(t, `{"subdomain":"second"}`, string(c.do("GET", subdomain, "").Result))
	require.Contains(t, c.do("GET", account+"/workers/workers/shop", "").text, `"url":"https://shop.second.workers.dev"`)
	require.JSONEq(t, `{"subdomain":"first"}`, string(c.do("GET", "/client/v4/accounts/b/workers/subdomain", "").Result))

	const worker = account + "/workers/scripts/shop/subdomain"
	require.JSONEq(t, `{"enabled":true,"previews_enabled":true}`, string(c.do("POST", worker, `{"enabled":true}`).Result))
	require.JSONEq(t, `{"enabled":false,"previews_enabled":false}`, string(c.do("DELETE", worker, "").Result))
	require.JSONEq(t, `{"enabled":false,"previews_enabled":false}`, string(c.do("GET", worker, "").Result))
	require.Equal(t, 10007, c.do("DELETE", account+"/workers/scripts/none/subdomain", "").code())
}
