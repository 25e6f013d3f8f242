package controlplane

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"slices"
	"strings"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// maxParts bounds the parts of an upload, each of which takes memory beside its content.
const maxParts = 4096

// form is an upload: metadata, and the contents of modules by digest.
type form struct {
	upload     version.Upload
	keepAssets bool              // whether a version without assets takes those of the latest one
	migration  string            // the tag of a migration that comes with it, "" for none
	contents   map[string]string // :: digest -> content
}

// on returns the upload as a version after the latest one of tx.
func (f form) on(tx *version.Tx) version.Upload {
	u := f.upload
	if latest, ok := tx.Latest(); ok && f.keepAssets {
		u.Code = keepAssets(u.Code, latest.Code())
	}
	return u
}

// metadata are the parts of an upload's metadata that mean something here.
type metadata struct {
	MainModule         string            `json:"main_module"`
	BodyPart           string            `json:"body_part"`
	Bindings           []json.RawMessage `json:"bindings"`
	KeepBindings       []binding.Kind    `json:"keep_bindings"`
	CompatibilityDate  string            `json:"compatibility_date"`
	CompatibilityFlags []string          `json:"compatibility_flags"`
	Annotations        annotations       `json:"annotations"`
	Assets             *assetsMetadata   `json:"assets"`
	KeepAssets         bool              `json:"keep_assets"`
	Migrations         migrations        `json:"migrations"`
}

// migrations are of the classes of Durable Objects.
type migrations struct {
	NewTag string `json:"new_tag"`
}

// known are the keys of metadata; what is under any other key is carried as it is.
var known = []string{"main_module", "body_part", "bindings", "keep_bindings", "compatibility_date", "compatibility_flags", "annotations", "modules", "keep_assets"}

// form reads an upload from the body of the request, to its end.
func (c *call) form() (form, error) {
	text, modules, contents, err := c.parts()
	if err != nil {
		return form{}, err
	}
	if text == nil {
		return form{}, invalid("could not read content for part metadata") // Cloudflare's words, as in cloudflare-typescript#158
	}
	return c.assemble(text, modules, contents)
}

// parts reads a form of modules and metadata, which is nil if there is none; or else a body that is a script in service-worker syntax, with
// the metadata that it would have in a form.
func (c *call) parts() (text []byte, modules []version.Module, contents map[string]string, err error) {
	contents = make(map[string]string)
	if isScript(c.r.Header.Get("Content-Type")) {
		modules, err = addModule(nil, contents, version.Module{Name: "script", Type: "application/javascript"}, c.r.Body)
		return []byte(`{"body_part":"script"}`), modules, contents, err
	}
	reader, err := c.r.MultipartReader()
	if err != nil {
		return nil, nil, nil, invalid("The request is not a multipart form.")
	}
	for range maxParts {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return text, modules, contents, nil
		}
		if err != nil {
			return nil, nil, nil, unread(err)
		}
		if part.FormName() == "metadata" && text == nil {
			text, err = readJSON(part)
		} else {
			modules, err = addModule(modules, contents, version.Module{Name: nameOf(part), Type: part.Header.Get("Content-Type")}, part)
		}
		if err != nil {
			return nil, nil, nil, err
		}
	}
	return nil, nil, nil, errTooLarge
}

// isScript reports whether a body of that type is a script alone, as old clients upload it.
func isScript(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/javascript" || kind == "text/javascript")
}

// addModule reads a module that has its name and type.
func addModule(modules []version.Module, contents map[string]string, m version.Module, from io.Reader) ([]version.Module, error) {
	if m.Name == "" {
		return nil, invalid("A part of the upload has no name.")
	}
	var content strings.Builder
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(&content, hash), from)
	if err != nil {
		return nil, unread(err)
	}
	m.Digest, m.Size = "sha256:"+hex.EncodeToString(hash.Sum(nil)), size
	contents[m.Digest] = content.String()
	return append(modules, m), nil
}

// nameOf returns the name of a module: the file name of its part, which some clients make the only difference between parts, or else the name.
func nameOf(part *multipart.Part) string {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if name := params["filename"]; err == nil && name != "" {
		return partName.Replace(name)
	}
	return partName.Replace(part.FormName())
}

// partName undoes what browsers and undici do to the names of parts.
var partName = strings.NewReplacer("%22", `"`, "%0D", "\r", "%0A", "\n")

// assemble makes an upload of the parts of a form.
func (c *call) assemble(text []byte, modules []version.Module, contents map[string]string) (form, error) {
	var m metadata
	if json.Unmarshal(text, &m) != nil {
		return form{}, invalid("The metadata is not a JSON object of the expected form.")
	}
	if err := c.checkAssets(m.Assets); err != nil {
		return form{}, err
	}
	code, err := m.code(text, modules)
	if err != nil {
		return form{}, err
	}
	bindings, err := readBindings(m.Bindings)
	if err != nil {
		return form{}, err
	}
	keep := append(slices.Clone(m.KeepBindings), binding.SecretText, secretKey)
	return form{version.Upload{Code: code, Bindings: bindings, Keep: keep, Meta: c.meta(m.Annotations)}, m.KeepAssets, m.Migrations.NewTag, contents}, nil
}

func (m metadata) code(text []byte, modules []version.Module) (version.Code, error) {
	if err := m.checkCode(modules); err != nil {
		return version.Code{}, err
	}
	rest, err := unknown(text)
	return version.Code{
		MainModule: m.MainModule, BodyPart: m.BodyPart, Modules: modules,
		CompatibilityDate: m.CompatibilityDate, CompatibilityFlags: m.CompatibilityFlags, Metadata: rest,
	}, err
}

// checkCode fails unless the upload has code, or nothing but assets.
func (m metadata) checkCode(modules []version.Module) error {
	main := contentMetadata{m.MainModule, m.BodyPart}
	if m.Assets != nil && main == (contentMetadata{}) && len(modules) == 0 {
		return nil
	}
	return main.check(modules)
}

// maxShownName is how much of the name of a module an error shows, in bytes.
const maxShownName = 256

// checkModules fails unless modules have names of their own, and main is one of them.
func checkModules(main string, modules []version.Module) error {
	names := make(map[string]bool, len(modules))
	for _, m := range modules {
		if names[m.Name] {
			return invalid("The upload has two modules of one name.")
		}
		names[m.Name] = true
	}
	if !names[main] {
		return invalid("Uncaught Error: No such module: " + main[:min(len(main), maxShownName)]) // as its runtime says it
	}
	return nil
}

// unknown returns the object of all metadata that is carried as it is, but for the token of assets, unset if there is none.
func unknown(text []byte) (binding.Value, error) {
	all, err := members(text)
	if err != nil {
		return binding.Value{}, err
	}
	rest := slices.DeleteFunc(all, func(m member) bool { return slices.Contains(known, m.key) })
	for i, m := range rest {
		if m.key == "assets" {
			rest[i].value = withoutToken(m.value)
		}
	}
	if len(rest) == 0 {
		return binding.Value{}, nil
	}
	return binding.NewValue(string(object(rest))), nil
}
