package devvars

import "strings"

// binary stands for the encoding of a file that is not text.
const binary = "binary"

// encodingOf returns UTF-16, UTF-32 or binary if text has a byte order mark of these or many NUL
// bytes, "" if it may be UTF-8.
func encodingOf(text string) string {
	switch {
	case strings.HasPrefix(text, "\xff\xfe\x00\x00"), strings.HasPrefix(text, "\x00\x00\xfe\xff"):
		return "UTF-32"
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		return "UTF-16"
	}
	nul := strings.IndexByte(text, 0)
	if nul < 0 {
		return ""
	}
	count := [2]int{} // of NUL bytes at even and at odd offsets
	for i := nul; i < len(text); i++ {
		if text[i] == 0 {
			count[i%2]++
		}
	}
	most, least := max(count[0], count[1]), min(count[0], count[1])
	switch total := most + least; {
	case total*16 < len(text):
		return ""
	case most*4 >= len(text) && least*8 <= most:
		return "UTF-16"
	}
	return binary
}
