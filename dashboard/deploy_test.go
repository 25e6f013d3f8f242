package dashboard_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/dashboard"
	"github.com/workerenv/workerenv/version"
)

// newSiteOf returns a site with n versions, the last of which has all traffic. Version i has the
// var V with the text i, and the secret OLD.
func newSiteOf(t *testing.T, o dashboard.Options, n int) *site {
	t.Helper()
	s := newSite(t, o, binding.Var("V", "1"), secret("OLD"))
	for i := 2; i <= n; i++ {
		s.edit(version.Edit{Set: []binding.Binding{binding.Var("V", strconv.Itoa(i))}})
	}
	return s
}

// current returns the current deployment, as "2 at 10%, 1 at 90%".
func (s *site) current() (text string) {
	s.t.Helper()
	current, _ := s.snapshot().Current()
	for v, share := range current.All() {
		if text != "" {
			text += ", "
		}
		text += strconv.Itoa(v.Number()) + " at " + share.String() + "%"
	}
	return text
}

func TestGradual(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 1)
	s.update(func(tx *version.Tx) error {
		_, err := tx.Edit(version.Edit{Set: []binding.Binding{binding.Var("V", "2"), secret("NEW")}})
		return err
	})
	b := s.signIn()
	b.get("/workers/shop/deployments").contains("Deploy version 2")
	b.get("/workers/shop/deploy").contains(`<option value="2" selected>`, `<option value="1" selected>`, `value="10"`)
	review := b.get("/workers/shop/deploy?version=2&with=1&share=12.5")
	review.contains("12.5 % of the requests get version 2, the others version 1.", "<bdi>NEW</bdi>")
	require.Equal(t, "1 at 100%", s.current())
	review.press("how", "").contains("The deployment was made.", "12.5 %", "Promote version 2 to 100 %")
	require.Equal(t, "2 at 12.5%, 1 at 87.5%", s.current())

	b.get("/workers").contains("no such page")
	b.get("/").contains("12.5 %", "87.5 %", "Version 2")
	b.get("/workers/shop").contains("Only in version 2", "Differs in version 1")
	b.get("/workers/shop/deploy?version=2").press("message", "Promote")
	require.Equal(t, "2 at 100%", s.current())
	current, _ := s.snapshot().Current()
	message, _ := current.Annotation(version.AnnotationMessage)
	require.Equal(t, []any{ana, "dash", "Promote"}, []any{current.Author(), current.Source(), message})
}

func TestDeployProblems(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 102)
	b := s.signIn()
	for query, want := range map[string]string{
		"version=101&with=102&share=101":    "A share is between",
		"version=101&with=102&share=":       "A share is between",
		"version=101&with=101&share=50":     "Choose two different versions",
		"version=101&with=102&share=0.0001": "A share is between",
		"version=101&share=10":              "Choose two different versions",
		"version=101&share=x":               "A share is between",
		"version=200":                       "There is no such version.",
		"version=x":                         "There is no such version.",
		"version=101&with=200&share=50":     "There is no such version.",
		"version=2":                         "Only the newest 100 versions can be deployed.",
		"version=102":                       "Nothing would change.",
	} {
		page := b.get("/workers/shop/deploy?" + query)
		require.Equal(t, http.StatusUnprocessableEntity, page.status, query)
		require.NotContains(t, page.contains(want).text, "<h2>What changes", query)
	}
	require.Equal(t, 102, s.snapshot().DeploymentCount())
}

func TestRollback(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 2)
	b := s.signIn()
	b.get("/workers/shop/deployments").contains("Roll back to version 1")
	page := b.get("/workers/shop/deploy?version=1").contains("<h1>Roll back to version 1</h1>")
	require.NotContains(t, page.text, "Secrets have changed")
	page.press("how", "")
	require.Equal(t, "1 at 100%", s.current())
}

// TestRollbackOfSecrets rolls back to a version with other secrets, in the three ways.
func TestRollbackOfSecrets(t *testing.T) {
	for how, want := range map[string]map[string]string{
		"":      {"V": "2", "OLD": canary + " rotated"}, // refused
		"force": {"V": "1", "OLD": canary + " of OLD"},
		"code":  {"V": "1", "OLD": canary + " rotated"},
	} {
		s := newSiteOf(t, dashboard.Options{}, 1)
		s.edit(version.Edit{
			Set: []binding.Binding{binding.Secret("OLD", canary+" rotated"), binding.Var("V", "2")},
		})
		page := s.signIn().get("/workers/shop/deploy?version=1")
		page.contains("Secrets have changed since version 1", "<code><bdi>OLD</bdi></code>", "Roll back the code only",
			"Roll back everything", "Cancel")
		page.press("how", how)
		require.Equal(t, want, s.deployed(), how)
	}
}

// TestRollbackOfCodeIsWhole asks for the old code with the current secrets for half of the requests, as no page does.
func TestRollbackOfCodeIsWhole(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 1)
	s.edit(version.Edit{Set: []binding.Binding{binding.Secret("OLD", canary+" rotated")}})
	b := s.signIn()
	form := b.get("/workers/shop/deploy?version=1&with=2&share=50").fields()
	form.Set("how", "code")
	b.post("/workers/shop/deploy", form).contains("Secrets have changed since version 1")
	require.Equal(t, "2 at 100%", s.current())
}

func TestDeployConflict(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 2)
	page := s.signIn().get("/workers/shop/deploy?version=1")
	s.putTheirs()
	conflict := page.press("how", "")
	require.Equal(t, http.StatusConflict, conflict.status)
	conflict.contains("Somebody else changed this Worker", "Version 3 was made", "Secrets have changed since version 1")
	require.Equal(t, "3 at 100%", s.current())
	conflict.press("how", "force")
	require.Equal(t, "1 at 100%", s.current())
}

func TestDeployTwice(t *testing.T) {
	s := newSiteOf(t, dashboard.Options{}, 2)
	page := s.signIn().get("/workers/shop/deploy?version=1")
	first, second := page.press("how", ""), page.press("how", "")
	require.Equal(t, first.url, second.url)
	require.Equal(t, 3, s.snapshot().DeploymentCount())
}

// TestDeployRequired refuses to deploy a version that lacks a required name.
func TestDeployRequired(t *testing.T) {
	o := dashboard.Options{Required: func(string) []string { return []string{"MUST"} }}
	s := newSiteOf(t, o, 2)
	page := s.signIn().get("/workers/shop/deploy?version=1")
	page.contains("<bdi>MUST</bdi>: This name is required and missing.")
	require.Equal(t, http.StatusUnprocessableEntity, page.status)
}
