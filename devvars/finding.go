package devvars

import "strconv"

// Severity says how bad a [Finding] is. The zero Severity is SeverityError.
type Severity uint8

// The severities.
const (
	SeverityError   Severity = iota // wrangler refuses this
	SeverityWarning                 // this may lose a value or expose a secret
	SeverityNote                    // this is worth knowing
)

// String returns "error", "warning" or "note".
func (s Severity) String() string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityWarning:
		return "warning"
	}
	return "note"
}

// MarshalText returns what String returns.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Finding is one thing that is wrong, or looks wrong. It contains no value, and no piece of one.
type Finding struct {
	Severity Severity `json:"severity"`
	Rule     Rule     `json:"rule"`

	// File is the name of the file, "" if unknown. This package does not know the names of files:
	// its callers set File here and in Related.
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`   // from 1; 0 if the finding has no position
	Column int    `json:"column,omitempty"` // in characters, from 1; 0 if unknown

	// Key is the name of the variable, "" if the finding is not about one. It is never a piece of a
	// value; see [File.IsFragment].
	Key string `json:"key,omitempty"`

	// Text says what is wrong and what to do about it, without position and key.
	Text string `json:"text"`

	// Environment is the environment of a wrangler configuration that the finding is about, "" if it
	// is about none. This package leaves it empty.
	Environment string `json:"environment,omitempty"`

	// Related has other places to look at, such as the assignment that wins.
	Related []Place `json:"related,omitempty"`
}

// Place returns file:line:column as far as they are known, "" if nothing is.
func (f Finding) Place() string { return Place{f.File, f.Line, f.Column}.String() }

// String returns file:line:column: key: text.
func (f Finding) String() string {
	s := f.Text
	if f.Key != "" {
		s = f.Key + ": " + s
	}
	if place := f.Place(); place != "" {
		s = place + ": " + s
	}
	return s
}

// Place is a place in a file. See [Finding] for the fields.
type Place struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String returns file:line:column as far as they are known, "" if nothing is.
func (p Place) String() string {
	if p.Line == 0 {
		return p.File
	}
	s := strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
	if p.File != "" {
		s = p.File + ":" + s
	}
	return s
}
