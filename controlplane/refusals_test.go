package controlplane_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
)

// hidden is a value of a secret that no answer may have.
const hidden = "canary-7d1f"

// messages returns code and message of each error of an answer.
func (r response) messages() []string {
	var list []string
	for _, e := range r.Errors {
		list = append(list, fmt.Sprintf("%d %s", e.Code, e.Message))
	}
	return list
}

// TestNoScript sends text that is not JavaScript as a script. The first body is that of npm's cloudflare
// 7.3.0, with Cloudflare's answer from cloudflare-typescript#2799.
func TestNoScript(t *testing.T) {
	for name, test := range map[string]struct{ body, message string }{
		"form": {"------formdata-undici-1\r\nContent-Disposition: form-data; name=\"metadata[bindings][][text]\"\r\n\r\n" +
			hidden + "\r\n------formdata-undici-1--\r\n",
			"Uncaught SyntaxError: Invalid left-hand side expression in prefix operation\n  at worker.js:1:4"},
		"form after a line": {"\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + hidden,
			"Uncaught SyntaxError: Invalid left-hand side expression in prefix operation\n  at worker.js:1:4"},
		"JSON": {` {"main_module":"index.js","bindings":[{"name":"A","type":"secret_text","text":"` + hidden + `"}]}`,
			"Uncaught SyntaxError: Unexpected token ':'"},
		"URL-encoded": {"metadata%5Bbindings%5D%5B%5D%5Btext%5D=" + hidden,
			"Uncaught SyntaxError: Invalid left-hand side in assignment"},
		"JSON array": {`[{"name":"A","type":"secret_text","text":"` + hidden + `"}]`,
			"No event handlers were registered. This script does nothing."},
		"brackets": {"metadata[bindings][0][text]=" + hidden,
			"Uncaught SyntaxError: Invalid left-hand side in assignment"},
		"fields":     {"name=A&text=" + hidden, "Uncaught SyntaxError: Invalid left-hand side in assignment"},
		"HTML":       {"<!DOCTYPE html><p>" + hidden, "Uncaught SyntaxError: Unexpected token '<'"},
		"binary":     {"\x00asm" + hidden, "Uncaught SyntaxError: Invalid or unexpected token"},
		"compressed": {"\x1f\x8b\x08" + hidden, "Uncaught SyntaxError: Invalid or unexpected token"},
		"module":     {"export default { key: '" + hidden + "' }", "Uncaught SyntaxError: Unexpected token 'export'"},
		"module with import": {"import a from 'a'; a('" + hidden + "')",
			"Uncaught SyntaxError: Cannot use import statement outside a module"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, kind := range []string{"application/javascript", "text/javascript; charset=utf-8",
				"application/JavaScript; boundary=b"} {
				c := newTarget(t)
				before := c.snapshot()
				for _, request := range []string{"PUT " + scripts + "/shop", "PUT " + scripts + "/shop/content",
					"POST " + scripts + "/shop/versions", "PUT " + scripts + "/new"} {
					method, path, _ := strings.Cut(request, " ")
					r := c.do(method, path, test.body, "Content-Type: "+kind)
					require.Equal(t, []string{"10021 " + test.message}, r.messages(), request)
					require.NotContains(t, r.text, hidden)
				}
				require.True(t, before.Equal(c.snapshot()))
				require.Equal(t, 10090, c.do("GET", account+"/workers/services/new", "").code())
			}
		})
	}
	c := newClient(t, controlplane.Options{})
	for _, script := range []string{"addEventListener('fetch', f)", "\ufeff'use strict'", "exports = 1", "import('a')",
		"{ a: 1 }", "<!-- a comment", "a=b", "a=b&&c()"} {
		require.True(t, c.do("PUT", scripts+"/shop", script, "Content-Type: application/javascript").Success, script)
	}
}

// TestInherit sends inherit bindings by each route that takes bindings.
func TestInherit(t *testing.T) {
	const none = "inherit binding 'NONE' is invalid: previous version does not have binding named 'NONE'"
	const gone = "inherit binding 'OLD' is invalid: previous version does not have binding named 'GONE'"
	wrong := func(name, id string) string {
		return "10057 inherit binding '" + name + "' is invalid: 'version_id' value '" + id +
			"' is invalid, only the literal 'latest' is supported by this API"
	}
	uploads := map[string]func(c target, bindings string) response{
		"PUT script": func(c target, b string) response {
			return c.upload("PUT", scripts+"/shop", `{"main_module":"index.js","bindings":`+b+`}`)
		},
		"POST version": func(c target, b string) response {
			return c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js","bindings":`+b+`}`)
		},
		"PUT script, strict": func(c target, b string) response {
			return c.upload("PUT", scripts+"/shop?bindings_inherit=strict", `{"main_module":"index.js","bindings":`+b+`}`)
		},
		"POST version, strict": func(c target, b string) response {
			return c.upload("POST", scripts+"/shop/versions?bindings_inherit=strict",
				`{"main_module":"index.js","bindings":`+b+`}`)
		},
		"beta version": func(c target, b string) response {
			return c.do("POST", account+"/workers/workers/shop/versions",
				`{"main_module":"m","modules":[{"name":"m"}],"bindings":`+b+`}`)
		},
		"settings": func(c target, b string) response { return c.patchSettings(`{"bindings":` + b + `}`) },
	}
	for name, upload := range uploads {
		t.Run(name, func(t *testing.T) {
			c := newTarget(t)
			latest, _ := c.snapshot().Latest()
			r := upload(c, `[{"name":"KEY","type":"inherit","version_id":"`+latest.ID()+`"},{"name":"A","type":"plain_text","text":"a"},{"name":"HOST","type":"inherit","version_id":"x"}]`)
			require.Equal(t, []string{wrong("KEY", latest.ID()), wrong("HOST", "x")}, r.messages())
			require.Equal(t, 2, c.snapshot().VersionCount())

			r = upload(c, `[{"name":"KEY","type":"inherit","version_id":"latest"},{"name":"NONE","type":"inherit"},{"name":"OLD","type":"inherit","old_name":"GONE"}]`)
			if strings.HasSuffix(name, "script") || name == "POST version" {
				require.True(t, r.Success, r.text)
				latest, _ = c.snapshot().Latest()
				require.Equal(t, []string{"KEY"}, latest.Bindings().Names())
				return
			}
			require.Equal(t, []string{"10057 " + none, "10057 " + gone}, r.messages())
			require.Equal(t, 2, c.snapshot().VersionCount())
		})
	}
	c := newTarget(t)
	r := c.do("PATCH", account+"/workers/workers/shop/versions/latest",
		`{"env":{"A":{"type":"inherit","version_id":"1"},"B":{"type":"inherit","version_id":"2"}}}`)
	require.Equal(t, []string{wrong("A", "1"), wrong("B", "2")}, r.messages())
	r = newClient(t, controlplane.Options{}).upload("PUT", scripts+"/new", `{"main_module":"index.js","bindings":[{"name":"NONE","type":"inherit"},{"name":"X","type":"plain_text","text":"1"}]}`)
	require.True(t, r.Success, r.text)
}

func TestBulkLimit(t *testing.T) {
	body := func(n int, secret string) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`"S%d":%s`, i, secret))
		}
		return `{"secrets":{` + strings.Join(list, ",") + `}}`
	}
	c := newTarget(t)
	const bulk = scripts + "/shop/secrets-bulk"
	for _, secret := range []string{`{"text":"x"}`, `null`} {
		require.Equal(t, []string{"100160 Bulk secret request contains 101 secrets, which exceeds the limit of 100 per request. Please split the request into smaller batches."},
			c.do("PATCH", bulk, body(101, secret)).messages())
	}
	require.Equal(t, 2, c.snapshot().VersionCount())
	require.True(t, c.do("PATCH", bulk, body(100, `{"text":"x"}`)).Success)
}

func TestAlias(t *testing.T) {
	c := newTarget(t)
	send := map[string]func(alias string) response{
		"POST version": func(a string) response {
			return c.upload("POST", scripts+"/shop/versions",
				`{"main_module":"index.js","annotations":{"workers/alias":"`+a+`"}}`)
		},
		"PUT script": func(a string) response {
			return c.upload("PUT", scripts+"/shop", `{"main_module":"index.js","annotations":{"workers/alias":"`+a+`"}}`)
		},
		"beta version": func(a string) response {
			return c.do("POST", account+"/workers/workers/shop/versions",
				`{"main_module":"m","modules":[{"name":"m"}],"annotations":{"workers/alias":"`+a+`"}}`)
		},
		"patch": func(a string) response {
			return c.do("PATCH", account+"/workers/workers/shop/versions/latest", `{"annotations":{"workers/alias":"`+a+`"}}`)
		},
		"settings": func(a string) response {
			return c.patchSettings(`{"limits":{},"annotations":{"workers/alias":"` + a + `"}}`)
		},
	}
	for _, name := range []string{"PUT script", "POST version", "beta version", "patch", "settings"} {
		for _, alias := range []string{"HEAD", "Main", "feature/x", "a_b", "-a", "a-", "260616", "1a",
			"ä", "a.b", "a b", ""} {
			require.Equal(t, []string{"10021 validation failures: invalid alias: " + alias}, send[name](alias).messages(),
				"%s %q", name, alias)
		}
		require.Equal(t, []string{"10021 validation failures: Alias name too long. The alias name and script name combined together must total less than 63 characters in length."},
			send[name](strings.Repeat("a", 59)).messages(), name)
	}
	for _, alias := range []string{"a", "head", "pr-1", strings.Repeat("a", 58)} {
		r := send["POST version"](alias)
		require.True(t, r.Success, r.text)
		require.Contains(t, r.text, `"workers/alias":"`+alias+`"`)
	}
}

// TestServiceEnvironment reads a service binding by each route that shows bindings.
func TestServiceEnvironment(t *testing.T) {
	for _, test := range []struct{ given, shown string }{
		{`{"name":"T","type":"service","service":"other"}`,
			`{"name":"T","type":"service","service":"other","environment":"production"}`},
		{`{"name":"T","type":"service","service":"other","environment":"staging"}`,
			`{"name":"T","type":"service","service":"other","environment":"staging"}`},
	} {
		c := newClient(t, controlplane.Options{})
		require.True(t, c.deploy(test.given).Success)
		for _, path := range []string{"/workers/scripts/shop/settings", "/workers/scripts/shop/versions",
			"/workers/workers/shop/versions", "/workers/workers/shop/versions/latest"} {
			require.Contains(t, c.do("GET", account+path, "").text, test.shown, path)
		}
	}
}

// TestMistypedSecret sends secrets whose type is wrong by each route that takes bindings: they are
// refused, and no answer has their text.
func TestMistypedSecret(t *testing.T) {
	var bindings []string
	for _, kind := range []string{"Secret_Text", "secret_text ", " secret_text", "SECRET_TEXT", "secret-text",
		"secrettext", "secretText", "secret_txt", "secert_text", "secret",
		"secrets", "SECRET_KEY", "secretkey", "Plain_Text", "text", "string", "kv_namespace", "Secrets_Store_Secret",
		"secret_text\\u0000", "sécret_text"} {
		for _, key := range []string{"text", "Text", "value", "key_base64", "KEY_JWK", "json"} {
			bindings = append(bindings, `{"name":"A","type":"`+kind+`","`+key+`":"`+hidden+`"}`)
		}
	}
	bindings = append(bindings, `{"name":"A","type":"secrets","key":"`+hidden+`"}`,
		`{"name":"A","type":"Secret_Text","data":"`+hidden+`"}`, `{"name":"A","text":"`+hidden+`"}`,
		`{"name":"A","type":"","text":"`+hidden+`"}`)
	c := newTarget(t)
	before := c.snapshot()
	module := base64.StdEncoding.EncodeToString([]byte("x"))
	for _, b := range bindings {
		for i, r := range []response{
			c.deploy(b),
			c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js","bindings":[`+b+`]}`),
			c.do("POST", account+"/workers/workers/shop/versions",
				`{"main_module":"m","modules":[{"name":"m","content_base64":"`+module+`"}],"bindings":[`+b+`]}`),
			c.do("PATCH", account+"/workers/workers/shop/versions/latest", `{"env":{"A":`+b+`}}`),
			c.patchSettings(`{"bindings":[` + b + `]}`),
			c.do("PUT", scripts+"/shop/secrets", b),
			c.do("PATCH", scripts+"/shop/secrets-bulk", `{"secrets":{"A":`+b+`}}`),
		} {
			if i >= 5 && !strings.Contains(b, `"type"`) || i >= 5 && strings.Contains(b, `"type":""`) {
				continue // a secret needs no type there
			}
			require.Equal(t, 10021, r.code(), "%d %s: %s", i, b, r.text)
			require.NotContains(t, r.text, hidden)
		}
		if strings.Contains(b, `"type":""`) || !strings.Contains(b, `"type"`) {
			c = newTarget(t)
			before = c.snapshot()
		}
		require.True(t, before.Equal(c.snapshot()), b)
	}
	for _, b := range []string{`{"name":"A","type":"secrets_store_secret","store_id":"s","secret_name":"n"}`,
		`{"name":"A","type":"kv_namespace","namespace_id":"n"}`} {
		require.True(t, c.deploy(b).Success, b)
	}
}
