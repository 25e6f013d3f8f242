package devvars

import (
	"strings"

	"github.com/joho/godotenv"
)

// Bounds on what godotenv is asked about. It calls itself once for each comment line, so that a long enough text overflows
// the stack, and no recover helps against that. And what this package takes for one value of several lines, it can take for
// several assignments, and expand references from one to the next, until memory runs out.
const (
	maxPeerText       = 64 << 10 // bytes
	maxPeerReferences = 8        // dollar signs in a text of several lines
)

// isPlain reports whether text, which stands after a key, is an = and something that no reader of .env files takes for anything but
// itself, so that godotenv need not be asked.
func isPlain(text string) bool {
	if text == "" || text[0] != '=' {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("\"'`$#\\", c) >= 0 {
			return false
		}
	}
	return true
}

// isFitForPeer reports whether godotenv can be asked about text.
func isFitForPeer(text string) bool {
	return len(text) <= maxPeerText && (strings.Count(text, "$") <= maxPeerReferences || !strings.ContainsAny(text, "\r\n"))
}

// readsAlike reports whether godotenv 1.5.1 reads value from the text that stands after a key, its = or : included. Its
// errors hold pieces of the text, so they are dropped here. What it cannot be asked about it does not read alike.
func readsAlike(text, value string) (alike bool) {
	if !isFitForPeer(text) {
		return false
	}
	defer func() {
		if recover() != nil {
			alike = false
		}
	}()
	got, err := godotenv.Unmarshal("K" + text + "\n")
	if err != nil {
		return false
	}
	v, ok := got["K"]
	return ok && len(got) == 1 && v == value
}
