package dashboard_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// patience is how long a person waits for something to appear.
const patience = 20 * time.Second

// way is how a person uses the pages.
type way struct {
	width    int64
	noScript bool
	keyboard bool // and no mouse
	audit    bool // with axe-core
}

// person uses the pages in a tab with cookies of its own. Persons find things by the role and the
// name that assistive technologies report.
type person struct {
	t       *testing.T
	site    *site
	way     way
	tab     context.Context
	console *buffer
	headers *buffer // and addresses, of requests and responses
	clicked int     // buttons and links
}

// arrives opens a tab, and signs in with the link that serve prints when it starts. Everybody but the
// first one asks for another link, which serve prints at most every ten seconds.
func (s *site) arrives(w way) *person {
	s.t.Helper()
	p := s.opens(w)
	if s.links > 0 {
		p.visits("/")
		require.Equal(s.t, http.StatusOK, p.presses("Print another link"))
	}
	p.visits(s.link())
	return p
}

// opens opens a tab.
func (s *site) opens(w way) *person {
	s.t.Helper()
	p := &person{t: s.t, site: s, way: w, console: new(buffer), headers: new(buffer)}
	if p.way.width == 0 {
		p.way.width = 1440
	}
	var cancel context.CancelFunc
	p.tab, cancel = chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	s.t.Cleanup(func() {
		if !s.t.Failed() {
			p.checksTraces()
		}
		cancel()
	})
	require.NoError(s.t, chromedp.Listen(p.tab, p.hears))
	call(p, network.Enable, network.EnableParams{})
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: p.way.width, Height: 900, DeviceScaleFactor: 1, Mobile: p.way.width < 500})
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: w.noScript})
	return p
}

// call sends a command to the browser.
func call[P, R any](p *person, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	require.NoError(p.t, err)
	return result
}

// evaluate returns the value of an expression in JavaScript.
func evaluate[T any](p *person, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(p.t, err)
	return result
}

// arrivesAt does something that shows another page, and returns its status.
func (p *person) arrivesAt(action chromedp.Action[chromedp.Void]) int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, action)
	require.NoError(p.t, err)
	p.checksPage()
	return int(response.Status)
}

// visits enters a path, or a whole URL, in the address bar and returns the status of the page.
func (p *person) visits(path string) int {
	p.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = p.site.url + path
	}
	return p.arrivesAt(chromedp.Navigate(path))
}

// presses presses a button that sends a form.
func (p *person) presses(name string) int {
	p.t.Helper()
	return p.activates(p.finds("button", name))
}

// follows follows a link to another page.
func (p *person) follows(name string) int {
	p.t.Helper()
	return p.activates(p.finds("link", name))
}

func (p *person) activates(node cdp.BackendNodeID) int {
	p.t.Helper()
	return p.arrivesAt(chromedp.Func(func(context.Context, *chromedp.Target) error {
		p.clicks(node)
		return nil
	}))
}

// clicks clicks on an element, or tabs to it and presses Enter.
func (p *person) clicks(node cdp.BackendNodeID) {
	p.t.Helper()
	p.clicked++
	if p.way.keyboard {
		p.tabsTo(node)
		p.types(kb.Enter)
		return
	}
	x, y := p.points(node)
	require.NoError(p.t, chromedp.Do(p.tab, chromedp.MouseClickXY(x, y)))
}

// points returns the centre of an element, and scrolls there.
func (p *person) points(node cdp.BackendNodeID) (x, y float64) {
	p.t.Helper()
	call(p, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node})
	quads := call(p, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node}).Quads
	require.NotEmpty(p.t, quads)
	q := quads[0]
	return (q[0] + q[4]) / 2, (q[1] + q[5]) / 2
}

// ticks changes a checkbox or opens details, as the Space key does.
func (p *person) ticks(role, name string) {
	p.t.Helper()
	node := p.finds(role, name)
	if p.way.keyboard {
		p.tabsTo(node)
		p.types(" ")
		return
	}
	p.clicks(node)
}

// maxTabs is how often a person presses Tab before giving up.
const maxTabs = 300

// tabsTo presses Tab until an element has the focus.
func (p *person) tabsTo(node cdp.BackendNodeID) {
	p.t.Helper()
	for range maxTabs {
		if p.focused() == node {
			return
		}
		p.types(kb.Tab)
	}
	require.Fail(p.t, "the element can't be reached with the Tab key")
}

// focused returns the element that has the focus.
func (p *person) focused() cdp.BackendNodeID {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	object, err := chromedp.Run(ctx, chromedp.Evaluate[*runtime.RemoteObject]("document.activeElement"))
	require.NoError(p.t, err)
	return call(p, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: object.ObjectID}).Node.BackendNodeID
}

// types presses keys.
func (p *person) types(keys string) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.tab, chromedp.KeyEvent(keys)))
}

// enters puts a text into a field in place of what is there.
func (p *person) enters(field cdp.BackendNodeID, text string) {
	p.t.Helper()
	p.focuses(field)
	require.NoError(p.t, chromedp.Do(p.tab, chromedp.KeyEvent("a", chromedp.KeyModifiers(kb.ModifierCtrl))))
	if text == "" {
		p.types(kb.Backspace)
		return
	}
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}

// pastes puts a text that would take too long to enter into a field.
func (p *person) pastes(field cdp.BackendNodeID, text string) {
	p.t.Helper()
	of[string](p, field, "function() { return this.value = `"+text+"` }")
}

// chooses chooses an option of a list by its first letter.
func (p *person) chooses(list cdp.BackendNodeID, option string) {
	p.t.Helper()
	p.focuses(list)
	p.types(option)
}

func (p *person) focuses(field cdp.BackendNodeID) {
	p.t.Helper()
	if p.way.keyboard {
		p.tabsTo(field)
		return
	}
	call(p, dom.Focus, dom.FocusParams{BackendNodeID: field})
}

// finds returns the last element with a role and a name. It waits until there is one.
func (p *person) finds(role, name string) cdp.BackendNodeID {
	p.t.Helper()
	var found []cdp.BackendNodeID
	p.waits(func() bool {
		found = p.all(0, role, name)
		return len(found) > 0
	}, "no %s %q on the page:\n%s", role, name, p.reads)
	return found[len(found)-1]
}

// all returns the elements with a role and, unless it is "", a name. They are in an element or, if
// it is 0, in the page.
func (p *person) all(in cdp.BackendNodeID, role, name string) []cdp.BackendNodeID {
	p.t.Helper()
	if in == 0 {
		in = call(p, dom.GetDocument, dom.GetDocumentParams{}).Root.BackendNodeID
	}
	result := call(p, accessibility.QueryAXTree,
		accessibility.QueryAXTreeParams{BackendNodeID: in, Role: role, AccessibleName: name})
	var found []cdp.BackendNodeID
	for _, node := range result.Nodes {
		if !node.Ignored {
			found = append(found, node.BackendDOMNodeID)
		}
	}
	return found
}

// value returns what is in a field.
func (p *person) value(field cdp.BackendNodeID) string {
	p.t.Helper()
	return of[string](p, field, "function() { return this.value }")
}

// style returns a property of the style of an element.
func (p *person) style(node cdp.BackendNodeID, property string) string {
	p.t.Helper()
	return of[string](p, node, "function() { return getComputedStyle(this).getPropertyValue('"+property+"') }")
}

// of returns the result of a function in JavaScript that is called on an element.
func of[T any](p *person, node cdp.BackendNodeID, function string) (result T) {
	p.t.Helper()
	object := call(p, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: node}).Object
	byValue := true
	value := call(p, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: object.ObjectID, ReturnByValue: &byValue})
	require.NoError(p.t, json.Unmarshal(value.Result.Value, &result))
	return result
}

// reads returns the text that the page shows.
func (p *person) reads() string { return evaluate[string](p, "document.body.innerText") }

// sees waits until the page shows all of the texts.
func (p *person) sees(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.waits(func() bool { return strings.Contains(p.reads(), text) }, "%q is not on the page:\n%s", text, p.reads)
	}
}

// waits waits until a condition is met. Arguments may be functions that return a string.
func (p *person) waits(condition func() bool, format string, args ...any) {
	p.t.Helper()
	for end := time.Now().Add(patience); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().Before(end) {
			continue
		}
		for i, arg := range args {
			if f, ok := arg.(func() string); ok {
				args[i] = f()
			}
		}
		require.Failf(p.t, "waited in vain", format, args...)
	}
}
