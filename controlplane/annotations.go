package controlplane

import (
	"strings"
	"unicode/utf8"

	"github.com/workerenv/workerenv/version"
)

// annotations are those of a request. Null is the same as absent.
type annotations map[string]*string

// maxMessage is the length in bytes beyond which the API cuts a message off.
const maxMessage = 1000

// clean returns the annotations that a request may set: all but those that tell what happened.
func (a annotations) clean() map[string]string {
	notes := make(map[string]string, len(a))
	for key, text := range a {
		if text != nil && key != version.AnnotationTriggeredBy && key != version.AnnotationRollbackFrom {
			notes[key] = *text
		}
	}
	if message, ok := notes[version.AnnotationMessage]; ok {
		notes[version.AnnotationMessage] = cut(message, maxMessage)
	}
	return notes
}

// cut returns the longest start of text that has at most n bytes and ends between two characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return strings.Clone(text[:n])
}
