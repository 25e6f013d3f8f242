package dashboard_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/stretchr/testify/require"
)

// hears keeps what appears on the console, which are messages, exceptions and violations of the
// Content-Security-Policy, and the headers and addresses of requests and responses.
func (p *person) hears(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		fmt.Fprintln(p.headers, e.Request.URL, e.Request.URLFragment)
	case *network.EventRequestWillBeSentExtraInfo:
		fmt.Fprintln(p.headers, e.Headers)
	case *network.EventResponseReceivedExtraInfo:
		fmt.Fprintln(p.headers, e.Headers)
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork { // a status such as 409
			p.console.Write([]byte(e.Entry.Text + "\n"))
		}
	case *page.EventJavascriptDialogOpening:
		p.console.Write([]byte("dialog\n"))
	case *runtime.EventExceptionThrown:
		text, _ := json.Marshal(e.ExceptionDetails)
		p.console.Write(append(text, '\n'))
	case *runtime.EventConsoleAPICalled:
		text, _ := json.Marshal(e.Args)
		p.console.Write(append(text, '\n'))
	}
}

// checksPage checks a page that has just been loaded: it fits the width, has no secret, and axe-core
// finds no violation in it.
func (p *person) checksPage() {
	p.t.Helper()
	page := evaluate[string](p, "location.href + document.documentElement.outerHTML")
	require.False(p.t, strings.Contains(page, canary), "a secret is in the page")
	fields := evaluate[string](p, "[...document.querySelectorAll('input, textarea')].map(f => f.value).join()")
	require.False(p.t, strings.Contains(fields, canary), "a secret is in a field of a new page")
	p.checksWidth()
	if p.way.audit && !p.way.noScript {
		p.checksAccessibility()
	}
}

// checksWidth checks that the page does not scroll sideways.
func (p *person) checksWidth() {
	p.t.Helper()
	require.LessOrEqual(p.t, evaluate[int64](p, "document.documentElement.scrollWidth"), p.way.width,
		"the page %s is wider than the window", evaluate[string](p, "location.pathname"))
}

// checksAccessibility runs axe-core in both themes.
func (p *person) checksAccessibility() {
	p.t.Helper()
	path := os.Getenv("WORKERENV_AXE")
	if path == "" {
		return
	}
	axe, err := os.ReadFile(path)
	require.NoError(p.t, err)
	evaluate[bool](p, string(axe)+"; true")
	for _, theme := range []string{"dark", "light"} {
		p.prefers(theme)
		violations := evaluate[[]string](p, `axe.run().then(r => r.violations.flatMap(v => v.nodes.map(n =>
			v.id + ': ' + n.html + '\n' + n.failureSummary)))`)
		require.Empty(p.t, violations, "%s theme of %s", theme, evaluate[string](p, "location.pathname"))
	}
}

// prefers chooses the light or the dark theme.
func (p *person) prefers(theme string) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
}

// checksTraces checks what the pages leave in the browser: the session's cookie, which scripts can't
// read, nothing in its storages, nothing on its console, and no secret in headers and addresses.
func (p *person) checksTraces() {
	p.t.Helper()
	for _, cookie := range call(p, network.GetCookies, network.GetCookiesParams{}).Cookies {
		require.True(p.t, cookie.HTTPOnly && cookie.SameSite == network.CookieSameSiteStrict && cookie.Session, cookie.Name)
		require.True(p.t, strings.HasPrefix(cookie.Name, "workerenv-dashboard-"), cookie.Name)
		require.NotContains(p.t, cookie.Value, canary)
	}
	if strings.HasPrefix(evaluate[string](p, "location.href"), "http") {
		require.Zero(p.t, evaluate[int](p, "localStorage.length + sessionStorage.length"))
	}
	require.Empty(p.t, p.console.String(), "console")
	headers := p.headers.String()
	require.Contains(p.t, headers, "Content-Security-Policy")
	require.False(p.t, strings.Contains(headers, canary), "a secret is in a header or an address")
}
