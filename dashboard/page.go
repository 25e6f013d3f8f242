package dashboard

import (
	"bytes"
	"cmp"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

//go:embed templates
var templates embed.FS

// page is what the layout of every page shows.
type page struct {
	Title    string
	Worker   string // "" for a page that is about none
	Tab      string // the name of the template
	SignedIn bool
	ByLink   bool // whether people sign in with a link
	CanAsk   bool // whether they can ask for one
	ReadOnly bool
	Revision int
	Data     any
}

// parseTemplates returns a template for each page, with the layout.
func (h *Handler) parseTemplates() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(template.FuncMap{
		"link": h.link, "show": visible, "kind": kindName, "when": when, "ago": ago, "who": who, "text": visibleLines,
		"annotation": annotationName,
	}).ParseFS(templates, "templates/layout.html"))
	all := make(map[string]*template.Template)
	for _, name := range []string{"workers", "variables", "edit", "review", "versions", "version", "deployments",
		"deploy", "sign-in", "message"} {
		all[name] = template.Must(template.Must(layout.Clone()).ParseFS(templates, "templates/"+name+".html"))
	}
	return all
}

// render answers with a page.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	p.Tab, p.ReadOnly = name, h.o.ReadOnly
	p.ByLink, p.CanAsk = h.o.Authenticate == nil, h.o.PrintLink != nil
	var body bytes.Buffer
	if err := h.templates[name].Execute(&body, p); err != nil {
		h.o.Logger.ErrorContext(r.Context(), "page failed", "page", name, "error", err)
		http.Error(w, "The page can't be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	w.Write(body.Bytes())
}

func (c *call) render(status int, name, title string, data any) {
	c.h.render(c.w, c.r, status, name, page{
		Title: title, Worker: c.worker, SignedIn: true, Revision: c.snapshot.Revision(), Data: data,
	})
}

// titles are those of pages about requests that failed.
var titles = map[int]string{
	http.StatusBadRequest:            "Not understood",
	http.StatusForbidden:             "Not allowed",
	http.StatusNotFound:              "Not found",
	http.StatusRequestEntityTooLarge: "Too large",
	http.StatusServiceUnavailable:    "Not available",
}

// fail answers a request that failed, of a user who may not have signed in.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, status int, text string) {
	h.render(w, r, status, "message", page{Title: titles[status], Data: text})
}

func (c *call) fail(status int, text string) {
	c.h.render(c.w, c.r, status, "message", page{Title: titles[status], SignedIn: true, Data: text})
}

// failWith answers a request that failed with err. Errors of the Store are logged, not shown.
func (c *call) failWith(err error) {
	switch {
	case errors.Is(err, version.ErrNotFound), errors.Is(err, version.ErrNoVersion),
		errors.Is(err, version.ErrNoVersions):
		text, _ := textOf(err)
		c.fail(http.StatusNotFound, text)
	default:
		c.h.o.Logger.LogAttrs(c.r.Context(), slog.LevelError, "store failed", slog.Any("error", err))
		c.fail(http.StatusServiceUnavailable, "The store of the Workers failed. Try again.")
	}
}

// link returns the path of a page.
func (h *Handler) link(segments ...any) string {
	var b strings.Builder
	b.WriteString(h.o.Path)
	for _, s := range segments {
		b.WriteString("/" + url.PathEscape(fmt.Sprint(s)))
	}
	if len(segments) == 0 {
		b.WriteString("/")
	}
	return b.String()
}

// visible returns s with escapes for characters that are invisible or change the direction or the
// place of others.
func visible(s string) string {
	if s == "" {
		return `""`
	}
	var b strings.Builder
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsGraphic(r) && (r == ' ' || !unicode.IsSpace(r)):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

// visibleLines is visible for a text of several lines.
func visibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = visible(line)
		}
	}
	return strings.Join(lines, "\n")
}

// kindName returns a kind in the words of Cloudflare's dashboard.
func kindName(k binding.Kind) string {
	switch k {
	case binding.PlainText:
		return "Text"
	case binding.JSON:
		return "JSON"
	case binding.SecretText:
		return "Secret"
	}
	return visible(string(k))
}

// annotationName returns the key of an annotation in words: "triggered by" for workers/triggered_by.
func annotationName(key string) string {
	return visible(strings.ReplaceAll(strings.TrimPrefix(key, "workers/"), "_", " "))
}

func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// ago returns how long ago t was.
func ago(t time.Time) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		switch n := int(time.Since(t) / unit.length); {
		case n == 1:
			return "1 " + unit.name + " ago"
		case n > 1:
			return strconv.Itoa(n) + " " + unit.name + "s ago"
		}
	}
	return "just now"
}

// who returns the author of a version or a deployment, and its tool.
func who(m authored) string {
	name := cmp.Or(m.Author().Email, m.Author().ID)
	if name == "" {
		return visible(m.Source())
	}
	return visible(name) + " (" + visible(m.Source()) + ")"
}
