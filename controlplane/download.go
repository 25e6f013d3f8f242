package controlplane

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/workerenv/workerenv/version"
)

// getContent gives back the modules of the latest version as they were uploaded: as a form, whose entry point a header names; or, for a script in
// service-worker syntax, as the script alone.
func getContent(c *call) (*rawBody, error) {
	s, err := c.snapshot()
	if err != nil {
		return nil, err
	}
	latest, ok := s.Latest()
	if !ok {
		return nil, &version.Error{Worker: c.script(), Err: version.ErrNoVersions}
	}
	code := latest.Code()
	if code.BodyPart != "" {
		return c.scriptBody(code)
	}
	return c.modulesBody(code)
}

func (c *call) scriptBody(code version.Code) (*rawBody, error) {
	for _, m := range code.Modules {
		if m.Name == code.BodyPart {
			text, err := c.content(c.ctx(), m)
			return &rawBody{http.Header{"Content-Type": {"application/javascript"}}, []byte(text)}, err
		}
	}
	return &rawBody{http.Header{"Content-Type": {"application/javascript"}}, nil}, nil
}

func (c *call) modulesBody(code version.Code) (*rawBody, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	if err := form.SetBoundary(etag(code)); err != nil {
		return nil, err
	}
	for _, m := range code.Modules {
		text, err := c.content(c.ctx(), m)
		if err != nil {
			return nil, err
		}
		name := quoteName.Replace(m.Name)
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="` + name + `"; filename="` + name + `"`},
			"Content-Type":        {m.Type},
		})
		if err != nil {
			return nil, err
		}
		part.Write([]byte(text)) // to memory
	}
	form.Close() // in memory, too
	return &rawBody{http.Header{"Content-Type": {form.FormDataContentType()}, "Cf-Entrypoint": {code.MainModule}}, b.Bytes()}, nil
}

// quoteName is the inverse of partName.
var quoteName = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")
