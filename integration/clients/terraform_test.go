package clients

import (
	"encoding/json"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/workers"
	"github.com/cloudflare/cloudflare-go/v7/zones"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/controlplane"
	"github.com/workerenv/workerenv/controlplane/controlplanetest"
)

type object = map[string]any

// TestTerraform5 manages each resource with the requests of the provider, and checks that the provider reads back what
// it sent, so that the next plan is empty.
func TestTerraform5(t *testing.T) {
	for _, r := range terraform5 {
		t.Run(r.name, func(t *testing.T) {
			c := newSDKV7(t)
			r.given(c.trial)
			made := c.result(r.create, "", r.body(c, r.config))
			id := "shop"
			if r.id != "" {
				id = made[r.id].(string)
			}
			r.check(c, id, r.config, made)
			c.succeeds(r.importState, id)
			if r.update != nil {
				made = c.result(r.update, id, r.body(c, r.change))
				if changed, ok := made[r.id].(string); ok {
					id = changed
				}
				r.check(c, id, r.change, made)
			}
			if r.remove != nil {
				c.succeeds(r.remove, id)
				_, res := c.send(r.read, id)
				require.Equal(t, http.StatusNotFound, res.StatusCode)
			}
		})
	}
}

// TestTerraform5Zone makes the requests of the data source: zone/data_source.go, Read.
func TestTerraform5Zone(t *testing.T) {
	c := newSDKV7(t)
	list, err := c.Zones.List(t.Context(), zones.ZoneListParams{
		Name: cloudflare.F("example.com"), Account: cloudflare.F(zones.ZoneListParamsAccount{ID: accountV7}),
	})
	require.NoError(t, err)
	require.Len(t, list.Result, 1)
	zone, err := c.Zones.Get(t.Context(), zones.ZoneGetParams{ZoneID: cloudflare.F(list.Result[0].ID)})
	require.NoError(t, err)
	require.Equal(t, []string{"example.com", controlplanetest.AccountID}, []string{zone.Name, zone.Account.ID})
}

// body returns the body of create and update.
func (r resource) body(c sdkV7, text string) option.RequestOption {
	text = c.expand(text)
	if !r.form {
		return option.WithRequestBody("application/json", []byte(text))
	}
	var metadata object
	require.NoError(c, json.Unmarshal([]byte(text), &metadata))
	return option.WithRequestBody(form(c, metadata))
}

// check reads the resource. It fails unless the answer has what was sent, and the computed members as they were in the
// answer to the change.
func (r resource) check(c sdkV7, id, sent string, made object) {
	c.Helper()
	read := c.result(r.read, id)
	if r.form {
		read = c.script(id, read)
	}
	var config any
	require.NoError(c, json.Unmarshal([]byte(c.expand(sent)), &config))
	if list, ok := config.([]any); ok {
		config = object{"schedules": list}
	}
	contains(c, read, config, r.name)
	for name := range strings.FieldsSeq(r.computed) {
		require.Contains(c, made, name)
		require.Equal(c, made[name], read[name], "%s", name)
	}
}

// script adds to the settings of a script what the provider reads from its service and its content.
func (c sdkV7) script(id string, settings object) object {
	service := c.result(readService, id)
	script := service["default_environment"].(object)["script"].(object)
	maps.Copy(script, settings)
	content, err := c.Workers.Scripts.Content.Get(c.Context(), id, workers.ScriptContentGetParams{AccountID: accountV7})
	require.NoError(c, err)
	defer content.Body.Close()
	_, params, err := mime.ParseMediaType(content.Header.Get("Content-Type"))
	require.NoError(c, err)
	part, err := multipart.NewReader(content.Body, params["boundary"]).NextPart()
	require.NoError(c, err)
	text, err := io.ReadAll(part)
	require.NoError(c, err)
	require.Equal(c, code, string(text))
	script["main_module"] = part.FormName() // which the provider keeps in its state
	return script
}

// contains checks that a JSON value has all that was sent, except the texts of secrets.
func contains(t testing.TB, got, sent any, path string) {
	t.Helper()
	switch sent := sent.(type) {
	case object:
		got, ok := got.(object)
		require.True(t, ok, "%s is not an object", path)
		for name, value := range sent {
			if sent["type"] == "secret_text" && (name == "text" || name == "value") {
				require.Empty(t, got[name], "a secret is shown")
				continue
			}
			contains(t, got[name], value, path+"."+name)
		}
	case []any:
		list, _ := got.([]any)
		require.Len(t, list, len(sent), "%s", path)
		for i := range sent {
			contains(t, list[i], sent[i], path+"[]")
		}
	default:
		require.Equal(t, sent, got, "%s", path)
	}
}

func newSDKV7(t *testing.T) sdkV7 {
	api := controlplanetest.NewServer(t, controlplane.Options{})
	return sdkV7{&trial{T: t, api: api}, cloudflare.NewClient(option.WithBaseURL(api.URL),
		option.WithAPIToken(controlplanetest.Token), option.WithMaxRetries(0))}
}

// send makes a request and returns the body of the answer.
func (c sdkV7) send(r request, id string, opts ...option.RequestOption) ([]byte, *http.Response) {
	c.Helper()
	var res *http.Response
	err := r(c, id, append(opts, option.WithResponseBodyInto(&res))...)
	if res == nil {
		require.NoError(c, err)
	}
	text, err := io.ReadAll(res.Body)
	require.NoError(c, err)
	require.False(c, secrets.Match(text), "the answer has a secret")
	return text, res
}

func (c sdkV7) succeeds(r request, id string, opts ...option.RequestOption) []byte {
	c.Helper()
	text, res := c.send(r, id, opts...)
	require.Less(c, res.StatusCode, 300, "%s", text)
	return text
}

// result returns the result in the answer to a request.
func (c sdkV7) result(r request, id string, opts ...option.RequestOption) object {
	c.Helper()
	var answer struct{ Result object }
	require.NoError(c, json.Unmarshal(c.succeeds(r, id, opts...), &answer))
	return answer.Result
}
