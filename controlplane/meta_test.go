package controlplane_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

func TestAnnotations(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	long, err := json.Marshal("x" + strings.Repeat("é", 500)) // 1,001 bytes, of which the 1,000th is half a character
	require.NoError(t, err)
	r := c.upload("PUT", account+"/workers/scripts/shop",
		`{"main_module":"index.js","annotations":{"workers/message":`+string(long)+
			`,"workers/tag":"t","workers/triggered_by":"me","workers/alias":null,"other":"kept"}}`)
	require.True(t, r.Success, r.text)
	var list struct {
		Items []struct{ Annotations map[string]string }
	}
	require.NoError(t, json.Unmarshal(c.do("GET", account+"/workers/scripts/shop/versions", "").Result, &list))
	require.Equal(t, map[string]string{
		"workers/message": "x" + strings.Repeat("é", 499), "workers/tag": "t",
		"workers/triggered_by": "upload", "other": "kept",
	}, list.Items[0].Annotations)
}

func TestSource(t *testing.T) {
	for agent, source := range map[string]string{
		"wrangler/4.164.0": "wrangler",
		"terraform/1.1.4 terraform-plugin-sdk/2.10.1 terraform-provider-cloudflare/3.9.1": "terraform",
		"curl/8.5.0": "api",
		"":           "api",
	} {
		c := newClient(t, controlplane.Options{})
		body := "--b\r\nContent-Disposition: form-data; name=metadata\r\n\r\n{\"main_module\":\"m\"}\r\n--b\r\nContent-Disposition: form-data; name=m\r\n\r\n\r\n--b--\r\n"
		r := c.do("PUT", account+"/workers/scripts/shop", body, "Content-Type: multipart/form-data; boundary=b",
			"User-Agent: "+agent)
		require.True(t, r.Success, r.text)
		require.Contains(t, c.do("GET", account+"/workers/scripts/shop/versions", "").text, `"source":"`+source+`"`)
	}
}

// TestListsEnd tests how much lists have of a long history: 10 deployments, 100 deployable
// versions, and pages.
func TestListsEnd(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	for range 120 {
		require.True(t, c.deploy().Success)
	}
	const script = account + "/workers/scripts/shop"
	require.Equal(t, 10, strings.Count(c.do("GET", script+"/deployments", "").text, `"created_on"`))
	require.Equal(t, 100, strings.Count(c.do("GET", script+"/versions?deployable=true", "").text, `"created_on"`))
	r := c.do("GET", script+"/versions?page=3&per_page=50", "")
	require.Equal(t, 20, strings.Count(r.text, `"created_on"`))
	require.Contains(t, r.text, `"result_info":{"page":3,"per_page":50,"count":20,"total_count":120}`)
	var oldest struct{ Items []struct{ ID string } }
	require.NoError(t, json.Unmarshal(r.Result, &oldest))
	body := `{"strategy":"percentage","versions":[{"version_id":"` + oldest.Items[19].ID + `","percentage":100}]}`
	require.Equal(t, 10021, c.do("POST", script+"/deployments", body).code())
}

// TestPercentEncoding tests names with characters that have a meaning in paths.
func TestPercentEncoding(t *testing.T) {
	c := newClient(t, controlplane.Options{})
	require.True(t, c.deploy().Success)
	const secrets = account + "/workers/scripts/shop/secrets"
	for name, escaped := range map[string]string{
		"a/b c": "a%2Fb%20c", "..": "..", "100%": "100%25", "ключ": "%D0%BA%D0%BB%D1%8E%D1%87",
		"?#": "%3F%23", "%2F": "%252F",
	} {
		body, err := json.Marshal(map[string]string{"name": name, "text": "x"})
		require.NoError(t, err)
		require.True(t, c.do("PUT", secrets, string(body)).Success, name)
		require.True(t, c.do("GET", secrets+"/"+escaped, "").Success, name)
		require.True(t, c.do("DELETE", secrets+"/"+escaped+"?url_encoded=true", "").Success, name)
		require.Equal(t, 10056, c.do("GET", secrets+"/"+escaped, "").code(), name)
	}
	require.Contains(t, c.do("GET", secrets, "").text, `"result":[]`)
}
