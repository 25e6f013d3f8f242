package devvars

import "github.com/joho/godotenv"

// maxPeerText bounds what godotenv is given, in bytes. It calls itself once for each comment line, so that a long enough
// text overflows the stack, and no recover helps against that.
const maxPeerText = 64 << 10

// readsAlike reports whether godotenv 1.5.1 reads value from the text that stands after a key, its = or : included. Its
// errors hold pieces of the text, so they are dropped here.
func readsAlike(text, value string) (alike bool) {
	if len(text) > maxPeerText {
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
