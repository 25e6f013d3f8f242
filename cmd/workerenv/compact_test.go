//go:build unix && !nosqlite

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// refused makes a request that fails and returns the status and the code of the error.
func (b backend) refused(method, path, body string) (status, code int) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+"/accounts/"+anyAccount+path,
		strings.NewReader(body))
	require.NoError(b.t, err)
	r.Header.Set("Authorization", "Bearer t0ken")
	response, err := http.DefaultClient.Do(r)
	require.NoError(b.t, err)
	defer response.Body.Close()
	var result struct{ Errors []struct{ Code int } }
	require.NoError(b.t, json.NewDecoder(response.Body).Decode(&result))
	require.Len(b.t, result.Errors, 1, "%s %s", method, path)
	return response.StatusCode, result.Errors[0].Code
}

// TestServeCompact puts a secret of 1 KB 1,000 times. The file keeps the newest 100 to 200 versions, and
// the API behaves as before for all that can be deployed.
func TestServeCompact(t *testing.T) {
	const scripts, beta = "/workers/scripts/shop", "/workers/workers/shop/versions/"
	dir := t.TempDir()
	args := []string{"--data", "d.db", "--compact"}
	b := startBackend(t, dir, args...)
	file := func() []byte {
		t.Helper()
		endServe(t, b.cmd)
		text := fileBytes(t, filepath.Join(dir, "d.db"))
		b = startBackend(t, dir, args...)
		return text
	}
	value := func(i int) string { return fmt.Sprintf("c4n4ry-%04d-", i) + strings.Repeat("x", 1000) }

	b.upload("gone")
	b.put("gone", "DELETED")
	b.do("DELETE", "/workers/scripts/gone", "", "")
	b.upload("shop")
	firstVersion, firstDeployment := deployable(b)[0].ID, deployments(b)[0].ID
	size := make(map[int]int)
	for i := 1; i <= 1000; i++ {
		b.do("PUT", scripts+"/secrets", "application/json", `{"name":"S","type":"secret_text","text":"`+value(i)+`"}`)
		if i == 300 || i == 1000 {
			size[i] = len(file())
		}
	}
	require.Less(t, size[1000], 1<<20, "1,000 KB of values were put")
	require.LessOrEqual(t, size[1000], size[300]*5/4)

	newest := deployable(b)
	require.Len(t, newest, 100)
	for i, v := range newest {
		require.Equal(t, 1001-i, v.Number)
		require.Contains(t, b.do("GET", scripts+"/versions/"+v.ID, "", ""), `"S"`)
	}
	require.Len(t, deployments(b), 10)
	require.Equal(t, newest[0].ID, deployments(b)[0].Versions[0].ID)
	require.Contains(t, b.do("GET", scripts+"/content/v2", "", ""), "m0dule")

	deployment := func(version string) string {
		return `{"strategy":"percentage","versions":[{"version_id":"` + version + `","percentage":100}]}`
	}
	deployed := newest[99].ID
	b.do("POST", scripts+"/deployments?force=true", "application/json", deployment(deployed)) // a rollback
	for range 200 {
		b.do("POST", scripts+"/versions", "multipart/form-data; boundary=b", uploadForm)
	}
	text := file()
	require.Equal(t, deployed, deployments(b)[0].Versions[0].ID)
	for _, id := range []string{deployed, newest[0].ID} { // what is deployed, and what a rollback goes back to
		require.Contains(t, b.do("GET", scripts+"/versions/"+id, "", ""), `"S"`)
	}
	require.Equal(t, 1201, deployable(b)[0].Number)

	for _, test := range []struct {
		method, path, body string
		status, code       int
	}{
		{"GET", scripts + "/versions/" + firstVersion, "", 404, 100146},
		{"POST", scripts + "/deployments", deployment(firstVersion), 404, 100146},
		{"GET", scripts + "/deployments/" + firstDeployment, "", 404, 10336},
		{"GET", beta + firstVersion, "", 404, 10007},
	} {
		status, code := b.refused(test.method, test.path, test.body)
		require.Equal(t, []int{test.status, test.code}, []int{status, code}, "%s %s", test.method, test.path)
	}
	require.NotContains(t, string(text), "c4n4ry-DELETED")
	for i := 1; i <= 800; i++ {
		require.False(t, bytes.Contains(text, []byte(value(i)[:12])), i)
	}
	require.True(t, bytes.Contains(text, []byte(value(1000)[:12])))
	require.NotContains(t, b.log.String(), "level=ERROR")
	endServe(t, b.cmd)
}

type versionItem struct {
	ID     string
	Number int
}

// deployable returns the versions of shop that can be deployed.
func deployable(b backend) []versionItem {
	return result[struct{ Items []versionItem }](b, "/workers/scripts/shop/versions?deployable=true").Items
}

type deploymentItem struct {
	ID       string
	Versions []struct {
		ID string `json:"version_id"`
	}
}

// deployments returns the newest deployments of shop.
func deployments(b backend) []deploymentItem {
	return result[struct{ Deployments []deploymentItem }](b, "/workers/scripts/shop/deployments").Deployments
}

// result returns the result of a GET request.
func result[T any](b backend, path string) T {
	b.t.Helper()
	var answer struct{ Result T }
	require.NoError(b.t, json.Unmarshal([]byte(b.do("GET", path, "", "")), &answer))
	return answer.Result
}
