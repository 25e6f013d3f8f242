package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/version"
)

// maxParts bounds the parts of an upload, each of which takes memory besides its content.
const maxParts = 4096

// parts are what an upload consists of.
type parts struct {
	json     []byte // the metadata or the settings, nil if there are none
	modules  []version.Module
	contents map[string]string // of the modules, by digest
}

// readParts reads a form of modules and one field in JSON. A body that is a script in service-worker
// syntax gets the metadata that it would have in a form.
func (c *call) readParts(field string) (parts, error) {
	p := parts{contents: make(map[string]string)}
	switch kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); kind {
	case "application/javascript", "text/javascript":
		p.json = []byte(`{"body_part":"script"}`)
		if err := p.add("script", "application/javascript", c.r.Body); err != nil {
			return p, err
		}
		return p, checkScript(p.contents[p.modules[0].Digest])
	}
	reader, err := c.r.MultipartReader()
	if err != nil {
		return p, invalid("The request is not a multipart form.")
	}
	for range maxParts {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return p, nil
		}
		if err != nil {
			return p, readError(err)
		}
		if part.FormName() == field && p.json == nil {
			p.json, err = readJSON(part)
		} else {
			err = p.add(moduleName(part), part.Header.Get("Content-Type"), part)
		}
		if err != nil {
			return p, err
		}
	}
	return p, errTooLarge
}

// checkScript fails for what can't be a script in service-worker syntax, in the words of the API:
// some clients send a form, with the secrets in it, and call it a script. It does not parse.
func checkScript(text string) error {
	start := strings.TrimLeft(strings.TrimPrefix(text, "\ufeff"), " \t\r\n")
	word := start[:len(start)-len(strings.TrimLeft(start, lowerCase))]
	var problem string
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		problem = "Invalid or unexpected token"
	case strings.HasPrefix(start, "--"):
		problem = "Invalid left-hand side expression in prefix operation\n  at worker.js:1:4"
	case strings.HasPrefix(start, "<") && !strings.HasPrefix(start, "<!--"):
		problem = "Unexpected token '<'"
	case strings.HasPrefix(start, `{"`) && json.Valid([]byte(start)):
		problem = "Unexpected token ':'"
	case json.Valid([]byte(start)):
		return invalid("No event handlers were registered. This script does nothing.")
	case isURLEncoded(start):
		problem = "Invalid left-hand side in assignment"
	case word == "export":
		problem = "Unexpected token 'export'"
	case word == "import" && !strings.HasPrefix(start[len(word):], "("):
		problem = "Cannot use import statement outside a module"
	default:
		return nil
	}
	return invalid("Uncaught SyntaxError: " + problem)
}

// isURLEncoded reports whether text is a form in the encoding of URLs that is not a script as well:
// it has several fields, or one with brackets in its name.
func isURLEncoded(text string) bool {
	if strings.ContainsAny(text, " \t\r\n\"'`();{}<>") {
		return false
	}
	form, err := url.ParseQuery(text)
	name, _, found := strings.Cut(text, "=")
	return err == nil && found && (len(form) > 1 || strings.ContainsAny(name, "[%"))
}

// add reads the content of a module.
func (p *parts) add(name, contentType string, from io.Reader) error {
	if name == "" {
		return invalid("A part of the upload has no name.")
	}
	var content strings.Builder
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(&content, hash), from)
	if err != nil {
		return readError(err)
	}
	digest := "sha256:" + hex.EncodeToString(hash.Sum(nil))
	p.modules = append(p.modules, version.Module{Name: name, Type: contentType, Digest: digest, Size: size})
	p.contents[digest] = content.String()
	return nil
}

// moduleName returns the file name of a part, by which alone some clients tell parts apart, or else
// its name.
func moduleName(part *multipart.Part) string {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if name := params["filename"]; err == nil && name != "" {
		return unescapeName.Replace(name)
	}
	return unescapeName.Replace(part.FormName())
}

// unescapeName undoes how browsers and undici escape the names of parts, as escapeName does.
var (
	unescapeName = strings.NewReplacer("%22", `"`, "%0D", "\r", "%0A", "\n")
	escapeName   = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")
)
