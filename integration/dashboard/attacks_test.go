package dashboard_test

import (
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// forgery is a page that sends a form to the dashboard, as if its visitor had done so.
var forgery = template.Must(template.New("").Parse(`<form method="post" action="{{.}}">
<input name="nn0" value="EVIL"><input name="vn0" value="x"><input name="tn0" value="Secret">
<input name="version" value="1"><input name="how" value="force"><input name="key" value="k">
<input name="versions" value="2"><input name="deployments" value="2"><button>Win a prize</button></form>`))

// TestForgery lures a person who has signed in to a page on another port of the same host, for which
// the browser sends the cookie, and to one of another site.
func TestForgery(t *testing.T) {
	s := newSite(t, nil, secret("API_KEY"))
	s.puts("API_KEY", canary+" 2")
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		forgery.Execute(w, s.url+r.URL.Path)
	}))
	t.Cleanup(evil.Close)
	p := s.arrives(way{})
	for _, origin := range []string{evil.URL, strings.Replace(evil.URL, "127.0.0.1", "localhost", 1)} {
		for _, path := range []string{"/workers/shop/edit", "/workers/shop/deploy", "/sign-out"} {
			p.visits(origin + path)
			require.Equal(t, http.StatusForbidden, p.presses("Win a prize"))
			p.sees("This form came from another page.")
		}
	}
	require.Equal(t, 2, s.snapshot().DeploymentCount())
	require.Equal(t, http.StatusOK, p.visits("/workers/shop"), "still signed in")
}

// TestFraming shows the dashboard in a frame of another page.
func TestFraming(t *testing.T) {
	s := newSite(t, nil, secret("API_KEY"))
	p := s.arrives(way{})
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "<!doctype html><iframe src=%q></iframe>", s.url+"/workers/shop")
	}))
	t.Cleanup(evil.Close)
	p.visits(evil.URL)
	p.waits(func() bool { return strings.Contains(p.console.String(), "frame-ancestors 'none'") }, "the frame is shown")
	p.console.Reset()
}

// TestRebinding makes a name of another site an address of the dashboard. A link is not used up there.
func TestRebinding(t *testing.T) {
	s := newSite(t, nil, secret("API_KEY"))
	p, link := s.opens(way{}), s.link()
	for _, address := range []string{s.url + "/workers/shop", link} {
		require.Equal(t, http.StatusForbidden, p.visits(strings.Replace(address, "127.0.0.1", "rebound.example", 1)))
		p.sees("The Host header is not a loopback address")
	}
	require.Equal(t, http.StatusOK, p.visits(link))
}

func TestSessions(t *testing.T) {
	s := newSite(t, nil, secret("API_KEY"))
	link := s.link()
	ana, ben := s.opens(way{audit: true}), s.opens(way{audit: true})
	require.Equal(t, http.StatusOK, ana.visits(link))
	require.NotContains(t, evaluate[string](ana, "location.href"), "token")
	require.Empty(t, evaluate[string](ana, "document.cookie"))

	require.Equal(t, http.StatusUnauthorized, ben.visits(link), "the link works once")
	require.Equal(t, http.StatusUnauthorized, ben.visits("/workers/shop"))
	require.Equal(t, http.StatusOK, ben.presses("Print another link"))

	cookies := call(ana, network.GetCookies, network.GetCookiesParams{}).Cookies
	require.Len(t, cookies, 1)
	ana.visits("/workers/shop")
	ana.presses("Sign out")
	call(ben, network.SetCookie, network.SetCookieParams{Name: cookies[0].Name, Value: cookies[0].Value, URL: s.url,
		HTTPOnly: new(true), SameSite: network.CookieSameSiteStrict})
	require.Equal(t, http.StatusUnauthorized, ben.visits("/workers/shop"), "a cookie of a session that has ended")
}

// TestNames shows names and texts that would be a script, or change the direction of what follows.
func TestNames(t *testing.T) {
	t.Parallel()
	const script = `"><script>alert(1)</script><img src=x onerror=alert(1)>` + "\u202e\x00"
	const visible = `"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x00`
	s := newSite(t, nil, binding.Var("MODE", "fast"))
	meta := version.Meta{Source: script, Author: version.Author{Email: script},
		Annotations: map[string]string{version.AnnotationMessage: script}}
	s.update(func(tx *version.Tx) error {
		_, err := tx.UploadAndDeploy(version.Upload{Meta: meta, Bindings: binding.MustSet(binding.Var(script, script),
			binding.JSONVar("J"+script, `"<script>alert(1)</script>"`), binding.Secret("S"+script, canary),
			binding.Resource(binding.Kind(script), "R", ""))})
		return err
	})
	for _, w := range []way{{audit: true}, {width: 360, audit: true}} {
		p := s.arrives(w)
		for _, path := range []string{"", "/versions", "/versions/2", "/deployments", "/edit", "/deploy?version=1"} {
			require.Equal(t, http.StatusOK, p.visits("/workers/shop"+path))
			require.NotContains(t, p.reads(), "\u202e")
		}
		p.visits("/workers/shop/edit")
		p.row("J" + visible).enters(`"</textarea><script>alert(1)</script>"`)
		p.empty().names("N" + script).enters(canary)
		p.presses("Review")
		p.sees("N" + visible)
		p.follows("Edit")
		p.presses("Review")
	}
}

// TestSizes enters more than is accepted. The page says so, and nothing is saved.
func TestSizes(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&lines, "KEY_%d=%s\n", i, canary)
	}
	s := newSite(t, nil, secret("API_KEY"))
	p := s.arrives(way{audit: true})
	p.visits("/workers/shop/edit")
	p.clicks(p.finds("DisclosureTriangle", "Paste a .dev.vars file"))
	p.pastes(p.finds("textbox", "Text of the file"), lines.String())
	require.Equal(t, http.StatusRequestEntityTooLarge, p.presses("Add to the rows"))
	p.sees("at most 1,000 variables and secrets")

	p.visits("/workers/shop/edit")
	p.pastes(p.empty().names("BIG").field("textbox", "Value"), strings.Repeat(canary, 1<<20/len(canary)))
	require.Equal(t, http.StatusUnprocessableEntity, p.presses("Review"))
	p.sees("BIG: The value is larger than 5120 bytes.")
	require.Equal(t, 1, s.snapshot().VersionCount())
}

// TestBack goes back to the form, which has no secret then, and forward to the review.
func TestBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, secret("API_KEY"))
	p := s.arrives(way{})
	p.visits("/workers/shop/edit")
	p.row("API_KEY").enters(canary + " 2")
	p.empty().names("NEW").enters(canary)
	p.presses("Review")
	p.arrivesAt(chromedp.NavigateBack())
	p.sees("Edit variables and secrets")
	p.arrivesAt(chromedp.NavigateForward())
	p.presses("Deploy")
	p.sees("Version 2 was saved and deployed.")
	require.Equal(t, map[string]string{"API_KEY": canary + " 2", "NEW": canary}, s.deployed())
}

// TestDoubleClick presses Deploy twice before the answer comes, and goes back and presses it again.
func TestDoubleClick(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil, secret("API_KEY"))
	p := s.arrives(way{})
	p.visits("/workers/shop/edit")
	p.empty().names("NEW").enters(canary)
	p.presses("Review")
	x, y := p.points(p.finds("button", "Deploy"))
	p.arrivesAt(chromedp.MouseClickXY(x, y, chromedp.ClickCount(2)))
	p.sees("Version 2 was saved and deployed.")
	p.arrivesAt(chromedp.NavigateBack())
	p.sees("has been saved, or it was dropped")
	require.Equal(t, 2, s.snapshot().VersionCount())
	require.Equal(t, 2, s.snapshot().DeploymentCount())
}
