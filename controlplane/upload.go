package controlplane

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/binding"
	"github.com/workerenv/workerenv/version"
)

// metadata are the members of an upload's metadata that the Handler uses.
type metadata struct {
	mainPart
	Bindings           []json.RawMessage `json:"bindings"`
	KeepBindings       []binding.Kind    `json:"keep_bindings"`
	CompatibilityDate  string            `json:"compatibility_date"`
	CompatibilityFlags []string          `json:"compatibility_flags"`
	Annotations        annotations       `json:"annotations"`
	UsageModel         *string           `json:"usage_model"`
	Assets             *assetsMetadata   `json:"assets"`
	KeepAssets         bool              `json:"keep_assets"`
	Migrations         struct {
		NewTag string `json:"new_tag"`
	} `json:"migrations"`
}

// readMembers are the members of metadata that are not kept as they are: [version.Code.Metadata]
// has all others.
var readMembers = []string{
	"main_module", "body_part", "bindings", "keep_bindings", "compatibility_date", "compatibility_flags", "annotations",
	"modules", "keep_assets",
}

// keptMetadata are the members of [version.Code.Metadata] that answers show. Those that are not
// there are nil.
type keptMetadata struct {
	Assets    rawMember `json:"assets"`
	Placement rawMember `json:"placement"`
	runtime
}

// runtime is how the code of a version runs.
type runtime struct {
	CompatibilityDate  string    `json:"compatibility_date,omitempty"`
	CompatibilityFlags []string  `json:"compatibility_flags,omitempty"`
	UsageModel         string    `json:"usage_model"`
	Limits             rawMember `json:"limits"` // {} if there are none
	rareMetadata
}

// rareMetadata are members that few Workers have.
type rareMetadata struct {
	CacheOptions rawMember `json:"cache_options,omitempty"`
	Containers   rawMember `json:"containers,omitempty"`
	Exports      rawMember `json:"exports,omitempty"`
}

func metadataOf(code version.Code) keptMetadata {
	kept := keptMetadata{runtime: runtime{UsageModel: standardUsage, Limits: emptyObject}}
	if !code.Metadata.IsZero() {
		json.Unmarshal([]byte(code.Metadata.Reveal()), &kept)
	}
	if kept.Limits == nil { // which was null
		kept.Limits = emptyObject
	}
	kept.CompatibilityDate, kept.CompatibilityFlags = code.CompatibilityDate, code.CompatibilityFlags
	return kept
}

var emptyObject = rawMember("{}")

// placementMode returns the mode of a placement, "" if there is none.
func (m keptMetadata) placementMode() string {
	var p struct{ Mode string }
	json.Unmarshal(m.Placement, &p)
	return p.Mode
}

// mainPart names the part of an upload that runs.
type mainPart struct {
	MainModule string `json:"main_module"`
	BodyPart   string `json:"body_part"`
}

// maxShownName bounds the name of a module in an error, in bytes.
const maxShownName = 256

// check fails unless modules have different names and m names one of them.
func (m mainPart) check(modules []version.Module) error {
	if (m.MainModule == "") == (m.BodyPart == "") {
		return invalid("The metadata names either a main_module or a body_part.")
	}
	names := make(map[string]bool, len(modules))
	for _, module := range modules {
		if names[module.Name] {
			return invalid("The upload has two modules of one name.")
		}
		names[module.Name] = true
	}
	if name := m.MainModule + m.BodyPart; !names[name] {
		return invalid("Uncaught Error: No such module: " + cut(name, maxShownName)) // in workerd's words
	}
	return nil
}

// upload is an upload that has been read.
type upload struct {
	version    version.Upload
	settings   []byte // the metadata, which has settings if the upload comes in a form
	strict     bool   // whether inherit bindings that find nothing are refused
	keepAssets bool   // whether a version without assets gets those of the latest one
	migration  string // the tag of the migration in it, "" if there is none
	contents   map[string]string
}

// readForm reads an upload from the form in the body of the request.
func (c *call) readForm() (upload, error) {
	p, err := c.readParts("metadata")
	if err != nil {
		return upload{}, err
	}
	if p.json == nil {
		return upload{}, invalid("could not read content for part metadata") // in the words of the API
	}
	return c.readUpload(p, formMembers)
}

// readUpload reads an upload whose metadata has no other members than known.
func (c *call) readUpload(p parts, known []string) (upload, error) {
	var m metadata
	var all object
	if json.Unmarshal(p.json, &m) != nil || json.Unmarshal(p.json, &all) != nil {
		return upload{}, invalid("The metadata is not a JSON object of the expected form.")
	}
	if err := all.onlyHas(known); err != nil {
		return upload{}, err
	}
	if err := c.checkAssets(m.Assets); err != nil {
		return upload{}, err
	}
	onlyAssets := m.Assets != nil && m.mainPart == (mainPart{}) && len(p.modules) == 0
	if err := m.check(p.modules); err != nil && !onlyAssets {
		return upload{}, err
	}
	if err := checkAlias(m.Annotations, c.script()); err != nil {
		return upload{}, err
	}
	bindings, err := readBindings(m.Bindings)
	if err != nil {
		return upload{}, err
	}
	code := version.Code{
		MainModule: m.MainModule, BodyPart: m.BodyPart, Modules: p.modules,
		CompatibilityDate: m.CompatibilityDate, CompatibilityFlags: m.CompatibilityFlags,
	}
	if kept := withoutToken(all.without(readMembers...)); len(kept) > 0 {
		code.Metadata = binding.NewValue(kept.text())
	}
	keep := append(slices.Clone(m.KeepBindings), binding.SecretText, secretKey)
	v := version.Upload{Code: code, Bindings: bindings, Keep: keep, Meta: c.meta(m.Annotations)}
	if _, err := (settings{}).with(p.json); err != nil {
		return upload{}, invalid("The metadata is not a JSON object of the expected form.")
	}
	strict := c.query("bindings_inherit") == "strict"
	return upload{v, p.json, strict, m.KeepAssets, m.Migrations.NewTag, p.contents}, nil
}

// readJSONUpload reads an upload from a JSON body that has the modules in the metadata.
func (c *call) readJSONUpload() (upload, error) {
	text, err := io.ReadAll(c.r.Body) // which MaxBody bounds
	if err != nil {
		return upload{}, readError(err)
	}
	var body struct{ Modules []moduleResult }
	if json.Unmarshal(text, &body) != nil {
		return upload{}, errBody
	}
	if len(body.Modules) > maxParts {
		return upload{}, errTooLarge
	}
	p := parts{json: text, contents: make(map[string]string)}
	for _, m := range body.Modules {
		if err := p.add(m.Name, m.ContentType, bytes.NewReader(m.Content)); err != nil {
			return upload{}, err
		}
	}
	u, err := c.readUpload(p, betaVersionMembers)
	u.version.Keep, u.strict, u.settings = nil, true, nil
	return u, err
}

// apply makes a version, and deploys it if asked to, which also applies its settings: those that it
// does not have stay as they are. The contents of its modules must be stored
// before.
func (u upload) apply(tx *version.Tx, deploy bool) (v version.Version, err error) {
	up := u.version
	latest, ok := tx.Latest()
	if ok && u.keepAssets {
		up.Code = withAssetsOf(up.Code, latest.Code())
	}
	if !u.strict {
		up.Bindings = withoutUnresolved(up.Bindings, latest.Bindings())
	}
	if !deploy {
		return tx.Upload(up)
	}
	if v, err = tx.UploadAndDeploy(up); err != nil {
		return v, err
	}
	if u.settings != nil {
		set, err := settingsOf(tx.Before()).with(u.settings)
		if err != nil {
			return v, err
		}
		if err := putSetting(tx, scriptSettingsName, set); err != nil {
			return v, err
		}
	}
	if u.migration == "" {
		return v, nil
	}
	return v, tx.PutSetting(migrationTagName, binding.NewValue(u.migration))
}

// upload makes a version of the Worker in the path, which must exist, from what read returns.
func (c *call) upload(read func() (upload, error), deploy bool) (v version.Version, err error) {
	h, err := c.history()
	if err != nil {
		return v, err
	}
	u, err := read()
	if err != nil {
		return v, err
	}
	if err := c.keep(u.contents); err != nil {
		return v, err
	}
	_, err = h.Update(c.ctx(), func(tx *version.Tx) error {
		v, err = u.apply(tx, deploy)
		return err
	})
	return v, err
}

// annotations are those of a request. Null is the same as absent.
type annotations map[string]*string

// maxMessage is the length in bytes to which the API cuts a message.
const maxMessage = 1000

// clean returns the annotations that a request may set, which are not those that say what happened.
func (a annotations) clean() map[string]string {
	set := make(map[string]string, len(a))
	for key, text := range a {
		if text != nil && key != version.AnnotationTriggeredBy && key != version.AnnotationRollbackFrom {
			set[key] = *text
		}
	}
	if message, ok := set[version.AnnotationMessage]; ok {
		set[version.AnnotationMessage] = cut(message, maxMessage)
	}
	return set
}

// checkAlias fails if the alias of a version can't be a part of the name of a host, in the words of
// the API.
func checkAlias(given annotations, script string) error {
	alias := given[version.AnnotationAlias]
	switch {
	case alias == nil:
		return nil
	case !isLabel(*alias, len(*alias)) || strings.Trim((*alias)[:1], lowerCase) != "":
		return invalid("validation failures: invalid alias: " + cut(*alias, maxShownName))
	case len(*alias)+len(script) >= maxLabel:
		return invalid("validation failures: Alias name too long. The alias name and script name combined together " +
			"must total less than 63 characters in length.")
	}
	return nil
}

// cut returns the longest beginning of text that has at most n bytes and no part of a character.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return strings.Clone(text[:n])
}
