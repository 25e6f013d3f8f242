package controlplane_test

import (
	"encoding/json"

	"github.com/stretchr/testify/require"
)

// memberRoute is a route that takes members.
type memberRoute struct {
	route    string // as in package schema
	takesAll bool   // whether it takes unknown members, too
	send     func(c client, member string) response
}

// memberRoutes are the routes that take members, by their names in testdata/members.json. Each
// sends a member of a new Worker shop, or of a new Pages project site. The member comes last in the
// body, so that it replaces one of the same name.
var memberRoutes = map[string]memberRoute{
	"upload": {route: "PUT /accounts/{}/workers/scripts/{}", send: func(c client, member string) response {
		return c.upload("PUT", scripts+"/shop", `{"main_module":"index.js",`+member+`}`)
	}},
	"body-part": {route: "PUT /accounts/{}/workers/scripts/{}", send: func(c client, member string) response {
		return c.upload("PUT", scripts+"/shop", `{`+member+`}`)
	}},
	"version": withWorker("POST /accounts/{}/workers/scripts/{}/versions", func(c client, member string) response {
		return c.upload("POST", scripts+"/shop/versions", `{"main_module":"index.js",`+member+`}`)
	}),
	"settings": withWorker("PATCH /accounts/{}/workers/scripts/{}/settings", func(c client, member string) response {
		return c.patchSettings("{" + member + "}")
	}),
	"content": withWorker("PUT /accounts/{}/workers/scripts/{}/content", func(c client, member string) response {
		return c.upload("PUT", scripts+"/shop/content", `{`+member+`}`)
	}),
	"script-settings": withWorker("PATCH /accounts/{}/workers/scripts/{}/script-settings",
		sending("PATCH", scripts+"/shop/script-settings", "")),
	"secret": withWorker("PUT /accounts/{}/workers/scripts/{}/secrets",
		sending("PUT", scripts+"/shop/secrets", `"name":"A","text":"a",`)),
	"secret-key": withWorker("PUT /accounts/{}/workers/scripts/{}/secrets", sending("PUT", scripts+"/shop/secrets",
		`"name":"A","type":"secret_key","format":"raw","algorithm":{"name":"HMAC"},"usages":["sign"],"key_base64":"YQ==",`)),
	"secrets-bulk": withWorker("PATCH /accounts/{}/workers/scripts/{}/secrets-bulk",
		sending("PATCH", scripts+"/shop/secrets-bulk", `"secrets":{"A":{"text":"a"}},`)),
	"subdomain": withWorker("POST /accounts/{}/workers/scripts/{}/subdomain",
		sending("POST", scripts+"/shop/subdomain", `"enabled":false,`)),
	"schedule": withWorker("PUT /accounts/{}/workers/scripts/{}/schedules", func(c client, member string) response {
		return c.do("PUT", scripts+"/shop/schedules", `[{"cron":"* * * * *",`+member+`}]`)
	}),
	"deployment": withWorker("POST /accounts/{}/workers/scripts/{}/deployments", func(c client, member string) response {
		var list struct{ Items []struct{ ID string } }
		require.NoError(c.t, json.Unmarshal(c.do("GET", scripts+"/shop/versions", "").Result, &list))
		return c.do("POST", scripts+"/shop/deployments",
			`{"strategy":"percentage","versions":[{"version_id":"`+list.Items[0].ID+`","percentage":100}],`+member+`}`)
	}),
	"assets-session": withWorker("POST /accounts/{}/workers/scripts/{}/assets-upload-session",
		sending("POST", scripts+"/shop/assets-upload-session", `"manifest":{},`)),
	"worker": {route: "POST /accounts/{}/workers/workers", send: func(c client, member string) response {
		r := c.do("POST", betaWorkers, `{"name":"shop",`+member+`}`)
		c.deploy()
		return r
	}},
	"worker-put": withWorker("PUT /accounts/{}/workers/workers/{}",
		sending("PUT", betaWorkers+"/shop", `"name":"shop",`)),
	"worker-patch": withWorker("PATCH /accounts/{}/workers/workers/{}", sending("PATCH", betaWorkers+"/shop", "")),
	"worker-version": withWorker("POST /accounts/{}/workers/workers/{}/versions",
		sending("POST", betaWorkers+"/shop/versions?deploy=true", `"main_module":"m","modules":[{"name":"m"}],`)),
	"patch-version": withWorker("PATCH /accounts/{}/workers/workers/{}/versions/latest",
		sending("PATCH", betaWorkers+"/shop/versions/latest", "")),

	"account-settings": {route: "PUT /accounts/{}/workers/account-settings",
		send: sending("PUT", account+"/workers/account-settings", "")},
	"account-subdomain": {route: "PUT /accounts/{}/workers/subdomain",
		send: sending("PUT", account+"/workers/subdomain", `"subdomain":"example",`)},
	"domain": withWorker("PUT /accounts/{}/workers/domains",
		sending("PUT", account+"/workers/domains", `"hostname":"a.example.com","service":"shop",`)),
	"zone-route": withWorker("POST /zones/{}/workers/routes", func(c client, member string) response {
		return c.do("POST", c.zone()+"/workers/routes", `{"pattern":"a.example.com/*","script":"shop",`+member+`}`)
	}),
	"zone-route-put": withWorker("PUT /zones/{}/workers/routes/{}", func(c client, member string) response {
		var made struct{ ID string }
		require.NoError(c.t, json.Unmarshal(c.do("POST", c.zone()+"/workers/routes",
			`{"pattern":"b.example.com/*","script":"shop"}`).Result, &made))
		return c.do("PUT", c.zone()+"/workers/routes/"+made.ID, `{"pattern":"a.example.com/*","script":"shop",`+member+`}`)
	}),
	"workflow": withWorker("PUT /accounts/{}/workflows/{}",
		sending("PUT", account+"/workflows/order", `"script_name":"shop","class_name":"Order",`)),
	"consumer": withWorker("POST /accounts/{}/queues/{}/consumers",
		sending("POST", account+"/queues/q/consumers", `"type":"worker","script_name":"shop",`)),
	"consumer-put": withWorker("PUT /accounts/{}/queues/{}/consumers/{}", func(c client, member string) response {
		var made struct {
			ID string `json:"consumer_id"`
		}
		require.NoError(c.t,
			json.Unmarshal(c.do("POST", account+"/queues/q/consumers", `{"type":"http_pull"}`).Result, &made))
		return c.do("PUT", account+"/queues/q/consumers/"+made.ID, `{"type":"worker","script_name":"shop",`+member+`}`)
	}),
	"project": {route: "POST /accounts/{}/pages/projects", takesAll: true,
		send: sending("POST", projects, `"name":"site","production_branch":"main",`)},
	"project-patch": {route: "PATCH /accounts/{}/pages/projects/{}", takesAll: true,
		send: func(c client, member string) response {
			require.True(c.t, c.do("POST", projects, `{"name":"site","production_branch":"old"}`).Success)
			return c.do("PATCH", projects+"/site", "{"+member+"}")
		}},
}

// withWorker returns a route that needs the Worker shop.
func withWorker(route string, send func(c client, member string) response) memberRoute {
	return memberRoute{route: route, send: func(c client, member string) response {
		require.True(c.t, c.deploy().Success)
		return send(c, member)
	}}
}

// sending returns a function that sends a JSON object of some members, which end in a comma, and
// another one.
func sending(method, path, members string) func(c client, member string) response {
	return func(c client, member string) response { return c.do(method, path, "{"+members+member+"}") }
}

// zone returns the path of the zone example.com.
func (c client) zone() string {
	var zones []struct{ ID string }
	require.NoError(c.t, json.Unmarshal(c.do("GET", "/client/v4/zones?name=example.com&account.id=a", "").Result, &zones))
	return "/client/v4/zones/" + zones[0].ID
}
