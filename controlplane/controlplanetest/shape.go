package controlplanetest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
)

// shapeOf returns the shape of a body, see [Request.Body].
func shapeOf(contentType string, body []byte) string {
	if len(body) == 0 {
		return ""
	}
	var shape any
	kind, params, _ := mime.ParseMediaType(contentType)
	if form, err := shapeOfForm(body, params["boundary"]); kind == "multipart/form-data" && err == nil {
		shape = form
	} else {
		shape = shapeOfText(kind, body)
	}
	text, _ := json.Marshal(shape) // never fails
	return string(text)
}

// shapeOfForm returns the shapes of the parts of a form by name: of its JSON, and of modules only the
// media types. Of parts with the same name it has the last.
func shapeOfForm(body []byte, boundary string) (map[string]any, error) {
	form := make(map[string]any)
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := reader.NextRawPart()
		if err == io.EOF {
			return form, nil
		}
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		switch name := part.FormName(); name {
		case "metadata", "settings":
			form[name] = shapeOfText(kind, text)
		default:
			form[shownName(name)] = shownName(kind)
		}
	}
}

// shapeOfText returns the shape of JSON, and the media type of any other text.
func shapeOfText(kind string, text []byte) any {
	var value any
	if json.Unmarshal(text, &value) != nil {
		return shownName(kind)
	}
	return shapeOfJSON(value)
}

// shapeOfJSON returns the shape of a value that encoding/json has decoded.
func shapeOfJSON(value any) any {
	switch value := value.(type) {
	case map[string]any:
		shape := make(map[string]any, len(value))
		for name, member := range value {
			shape[shownName(name)] = shapeOfMember(name, member)
		}
		return shape
	case []any:
		shape := make([]any, len(value))
		for i, element := range value {
			shape[i] = shapeOfJSON(element)
		}
		return shape
	}
	return typeOf(value)
}

// shapeOfMember returns only the type of an object or an array that is the value of a binding.
func shapeOfMember(name string, value any) any {
	switch strings.ToLower(name) {
	case "json", "key_jwk":
		return typeOf(value)
	}
	return shapeOfJSON(value)
}

// typeOf returns the name of a value's type in JSON, nil for null.
func typeOf(value any) any {
	switch value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	}
	return nil
}

// nameCharacters are the characters in names that are shown: those of members, parameters, bindings,
// modules and media types.
const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+"

// maxName is the length of the longest name that is shown.
const maxName = 64

// shownName returns a name, or "?" for one that is more likely a value.
func shownName(name string) string {
	if name == "" || len(name) > maxName || strings.Trim(name, nameCharacters) != "" {
		return "?"
	}
	return name
}

// namesIn returns the names of the parameters in a query, sorted.
func namesIn(query string) []string {
	var names []string
	for part := range strings.SplitSeq(query, "&") {
		if escaped, _, ok := strings.Cut(part, "="); ok {
			name, _ := url.QueryUnescape(escaped) // "" for one that is malformed
			names = append(names, shownName(name))
		} else if part != "" {
			names = append(names, "?")
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
