package controlplane

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"

	"github.com/workerenv/workerenv/version"
)

// contentLog returns the log of the content of a module, which has one record, since the digest
// identifies the content. It belongs to the account and stays when Workers are deleted.
func (c *call) contentLog(digest string) string {
	return "account/" + url.PathEscape(c.account.id) + "/content/" + digest
}

// keep stores contents by digest.
func (c *call) keep(contents map[string]string) error {
	for digest, text := range contents {
		if text == "" {
			continue // since a record can't be empty
		}
		err := c.h.o.Store.Append(c.ctx(), c.contentLog(digest), 0, version.NewRecord(text))
		if err != nil && !errors.Is(err, version.ErrConflict) {
			return err
		}
	}
	return nil
}

// content returns the stored content of a module.
func (c *call) content(m version.Module) (string, error) {
	if m.Size == 0 {
		return "", nil
	}
	records, err := c.h.o.Store.Read(c.ctx(), c.contentLog(m.Digest), 0)
	if err != nil {
		return "", err
	}
	if len(records) == 0 {
		return "", &version.Error{Worker: c.script(), Err: version.ErrCorrupt}
	}
	return records[0].Reveal(), nil
}

// etag identifies the modules of an upload.
func etag(code version.Code) string {
	hash := sha256.New()
	for _, m := range code.Modules {
		for _, part := range []string{m.Name, m.Type, m.Digest} {
			hash.Write(append([]byte(part), 0))
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// getContent returns the modules of the latest version as they were uploaded: a form, with the name
// of the main module in a header, or the script alone if it is in service-worker syntax.
func getContent(c *call, s version.Snapshot) (any, error) {
	latest, err := latestVersion(s)
	if err != nil {
		return nil, err
	}
	if code := latest.Code(); code.BodyPart != "" {
		return c.scriptAnswer(code)
	}
	return c.modulesAnswer(latest.Code())
}

func (c *call) scriptAnswer(code version.Code) (any, error) {
	header := http.Header{"Content-Type": {"application/javascript"}}
	i := slices.IndexFunc(code.Modules, func(m version.Module) bool { return m.Name == code.BodyPart })
	if i < 0 {
		return rawAnswer(header, nil), nil
	}
	text, err := c.content(code.Modules[i])
	return rawAnswer(header, []byte(text)), err
}

func (c *call) modulesAnswer(code version.Code) (any, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.SetBoundary(etag(code)); err != nil {
		return nil, err
	}
	for _, m := range code.Modules {
		text, err := c.content(m)
		if err != nil {
			return nil, err
		}
		name := escapeName.Replace(m.Name)
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="` + name + `"; filename="` + name + `"`},
			"Content-Type":        {m.Type},
		})
		if err != nil {
			return nil, err
		}
		part.Write([]byte(text)) // to memory, which never fails
	}
	form.Close()
	header := http.Header{"Content-Type": {form.FormDataContentType()}, "Cf-Entrypoint": {code.MainModule}}
	return rawAnswer(header, b.Bytes()), nil
}

// putContent makes a version with new code and all else from the latest version, and deploys it.
func putContent(c *call) (any, error) {
	if _, err := c.history(); err != nil {
		return nil, err
	}
	p, err := c.readParts("metadata")
	if err != nil {
		return nil, err
	}
	main, err := c.mainPart(p)
	if err != nil {
		return nil, err
	}
	if err := c.keep(p.contents); err != nil {
		return nil, err
	}
	err = c.update(func(tx *version.Tx) error {
		latest, err := latestVersion(tx.Snapshot())
		if err != nil {
			return err
		}
		code := latest.Code()
		code.Modules, code.MainModule, code.BodyPart = p.modules, main.MainModule, main.BodyPart
		_, err = tx.EditAndDeploy(version.Edit{Base: latest.ID(), Code: &code, Meta: c.meta(nil)})
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.getScript()
}

// mainPart returns the name of the part that runs, from a header or else from the metadata.
func (c *call) mainPart(p parts) (mainPart, error) {
	var main mainPart
	var all object
	if p.json != nil && (json.Unmarshal(p.json, &main) != nil || json.Unmarshal(p.json, &all) != nil) {
		return main, invalid("The metadata is not a JSON object of the expected form.")
	}
	isEmpty := func(m member) bool { return string(m.value) == "[]" } // as cloudflare-go v0 sends bindings
	if err := slices.DeleteFunc(all, isEmpty).onlyHas(mainMembers); err != nil {
		return main, err
	}
	if name := c.r.Header.Get("Cf-Worker-Main-Module-Part"); name != "" {
		main = mainPart{MainModule: name}
	} else if name := c.r.Header.Get("Cf-Worker-Body-Part"); name != "" {
		main = mainPart{BodyPart: name}
	}
	return main, main.check(p.modules)
}
