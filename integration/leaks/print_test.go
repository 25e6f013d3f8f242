package leaks_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"expvar"
	"fmt"
	htmltemplate "html/template"
	"io"
	"log"
	"log/slog"
	"strings"
	texttemplate "text/template"
)

// standard are the probes of the standard library.
var standard = map[string]probe{
	"fmt %v":    verbs("%v", "%6v", "%-.3v", "%+v", "%#v", "%#+v"),
	"fmt %s":    verbs("%s", "%+s", "%.4s", "%099s", "%q", "%+q", "%#q"),
	"fmt %x":    verbs("%x", "%X", "% x", "%#x", "%# X"),
	"fmt %d":    verbs("%d", "%03d", "%b", "%o", "%O", "%c", "%U", "%#U", "%t"),
	"fmt %g":    verbs("%e", "%f", "%F", "%g", "%G", "%E"),
	"fmt %p":    verbs("%p", "%#p"),
	"fmt %w":    func(p place) string { return verbs("%w")(p) + wrapped("a: %w", p.x).Error() },
	"fmt bad":   verbs("%z", "%!", "%T %[1]y", "%*d", "%[3]*.[2]*[1]f", "extra"),
	"fmt.Print": func(p place) string { return fmt.Sprint(p.x) + fmt.Sprintln(p.x, p.x) + string(fmt.Append(nil, p.x)) },
	"errors":    probeErrors,
	"json":      probeJSON,
	"xml":       probeXML,
	"gob":       probeGob,
	"asn1":      func(p place) string { out, err := asn1.Marshal(p.x); return string(out) + fmt.Sprint(err) },
	"text/template": func(p place) string {
		const text = `{{.}} {{printf "%s %v %#v %d" . . . .}} {{print .}} {{html .}} {{js .}} {{urlquery .}} ` +
			`{{range .}}{{.}}{{end}}`
		return executed(texttemplate.Must(texttemplate.New("").Parse(text)), p.x)
	},
	"html/template": func(p place) string {
		const text = `<a title="{{.}}" href="?q={{.}}" onclick="f({{.}})">{{.}}</a>` +
			`<script>var x = {{.}}</script><style>a { color: {{.}} }</style>`
		return executed(htmltemplate.Must(htmltemplate.New("").Parse(text)), p.x)
	},
	"expvar": probeExpvar,
	"log":    probeLog,
	"slog text": func(p place) string {
		return probeSlog(func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) }, p.x)
	},
	"slog JSON": func(p place) string {
		return probeSlog(func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) }, p.x)
	},
	"slog default": func(p place) string {
		return probeSlog(func(w io.Writer) slog.Handler {
			return slog.NewMultiHandler(slog.NewTextHandler(w, plainAttributes))
		}, p.x)
	},
}

// plainAttributes makes a slog.Handler print values with package fmt.
var plainAttributes = &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
	return slog.String(a.Key, fmt.Sprintf("%+v", a.Value.Any()))
}}

func verbs(formats ...string) probe {
	return func(p place) string {
		var b strings.Builder
		for _, format := range formats {
			fmt.Fprintf(&b, format+"\n", p.x)
		}
		return b.String()
	}
}

// wrapped calls fmt.Errorf with arguments that vet would report.
func wrapped(format string, args ...any) error {
	errorf := fmt.Errorf
	return errorf(format, args...)
}

func probeErrors(p place) string {
	joined := errors.Join(fmt.Errorf("a: %v", p.x), fmt.Errorf("b: %+v", p.x))
	return fmt.Sprintf("%v %+v %#v %s", joined, joined, joined, fmt.Errorf("c: %w", joined))
}

func probeJSON(p place) string {
	compact, err1 := json.Marshal(p.x)
	indented, err2 := json.MarshalIndent(p.x, "", " ")
	return fmt.Sprintf("%s %v %s %v", compact, err1, indented, err2)
}

func probeXML(p place) string {
	out, err := xml.Marshal(p.x)
	type attribute struct {
		A any `xml:"a,attr"`
	}
	in, err2 := xml.Marshal(attribute{p.x})
	return fmt.Sprintf("%s %v %s %v", out, err, in, err2)
}

func probeGob(p place) string {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(p.x)
	return fmt.Sprintf("%s %v", b.Bytes(), err)
}

func executed(t interface{ Execute(io.Writer, any) error }, x any) string {
	var b bytes.Buffer
	return fmt.Sprint(t.Execute(&b, x), b.String())
}

func probeExpvar(p place) string {
	m := new(expvar.Map).Init()
	m.Set("x", expvar.Func(func() any { return p.x }))
	if s, ok := p.x.(fmt.Stringer); ok {
		m.Set("s", s)
	}
	return m.String() + expvar.Func(func() any { return p.x }).String()
}

func probeSlog(handler func(io.Writer) slog.Handler, x any) string {
	var b bytes.Buffer
	l := slog.New(handler(&b))
	l.Info("message", "key", x, slog.Group("group", "key", x))
	l.With("key", x).WithGroup("g").Info(fmt.Sprint(x), "err", fmt.Errorf("wrapped: %v", x))
	l.Info("no key", x)
	return b.String()
}

func probeLog(p place) string {
	var b bytes.Buffer
	l := log.New(&b, "", 0)
	l.Print(p.x)
	l.Println("x", p.x)
	l.Printf("%v %+v", p.x, p.x)
	return b.String()
}
