package leaks_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
)

// canary is the text that must not appear in any output. Each kind of quotes escapes its last
// characters differently.
const canary = "hunter2Zq7wX0pLm9VtRk4bé\"<&'\n\\x"

// window is the number of consecutive bytes of the canary that count as a leak.
const window = 6

// forms returns text in the forms that printers, encoders and dumpers use.
func forms(text string) []string {
	quoted, _ := json.Marshal(text)
	b := []byte(text)
	reversed := slices.Clone(b)
	slices.Reverse(reversed)
	return []string{
		text, inner(strconv.Quote(text)), inner(strconv.QuoteToASCII(text)), inner(string(quoted)), html.EscapeString(text),
		url.QueryEscape(text), hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)), hex.EncodeToString(reversed),
		base64.StdEncoding.EncodeToString(b), base64.URLEncoding.EncodeToString(b),
		strings.Join(strings.Split(text, ""), " "),
	}
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// windows are the pieces of the canary that must not appear.
func windows() []string {
	var list []string
	for i := range len(canary) - window + 1 {
		list = append(list, canary[i:i+window])
	}
	return list
}

// searcher searches for many needles in one pass.
type searcher struct {
	starts [1 << 16]bool // of the first two bytes
	byHead map[string][]string
}

func newSearcher(needles []string) *searcher {
	s := &searcher{byHead: map[string][]string{}}
	for _, n := range needles {
		head := n[:window]
		s.starts[int(n[0])<<8|int(n[1])] = true
		s.byHead[head] = append(s.byHead[head], n)
	}
	return s
}

// find returns the first needle in text, or "".
func (s *searcher) find(text string) string {
	for i := range len(text) - window + 1 {
		if !s.starts[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		for _, n := range s.byHead[text[i:i+window]] {
			if strings.HasPrefix(text[i:], n) {
				return n
			}
		}
	}
	return ""
}

var (
	inOnePiece = newSearcher(func() (all []string) {
		for _, w := range windows() {
			all = append(all, forms(w)...)
		}
		return all
	}())
	asBytes = newSearcher(windows())
)

// leak returns a piece of the canary in output, or "". It finds all forms, and lists of numbers with
// any separators.
func leak(output string) string {
	if found := inOnePiece.find(output); found != "" {
		return found
	}
	words := digitWords(output)
	for _, base := range []int{10, 16, 8, 2} {
		if found := asBytes.find(numbers(words, base)); found != "" {
			return fmt.Sprintf("%s in base %d", found, base)
		}
	}
	return ""
}

// digitWords returns the words of text that may be a byte in some base, without a prefix such as 0x.
func digitWords(text string) []string {
	var words []string
	for start, i := 0, 0; i <= len(text); i++ {
		if i < len(text) && isWordByte[text[i]] {
			continue
		}
		w := text[start:i]
		start = i + 1
		if len(w) > 2 && w[0] == '0' && strings.IndexByte("xXoObB", w[1]) >= 0 {
			w = w[2:]
		}
		if 0 < len(w) && len(w) <= 8 {
			words = append(words, w)
		}
	}
	return words
}

// isWordByte reports whether c is a letter or digit.
var isWordByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x80 || unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c))
	}
	return t
}()

// numbers returns the words that are bytes in a base, as bytes.
func numbers(words []string, base int) string {
	var b []byte
	for _, w := range words {
		if n := number(w, base); 0 <= n && n <= 255 {
			b = append(b, byte(n))
		}
	}
	return string(b)
}

// number returns the value of a word in a base, or -1 if it is not a number.
func number(word string, base int) int {
	n := 0
	for i := range len(word) {
		digit := strings.IndexByte("0123456789abcdef"[:base], word[i]|0x20)
		if digit < 0 {
			return -1
		}
		n = n*base + digit
	}
	return n
}

func TestLeakIsFound(t *testing.T) {
	b := []byte(canary)
	for _, output := range []string{
		canary, canary[:6], canary[len(canary)-6:], "xx" + canary[7:13] + "yy", fmt.Sprintf("%q", canary),
		fmt.Sprintf("%+q", canary), fmt.Sprintf("%x", canary), fmt.Sprintf("% X", canary),
		fmt.Sprintf("%# x", canary), fmt.Sprintf("%#v", b), fmt.Sprint(b), fmt.Sprintf("%U", []rune(canary)),
		fmt.Sprintf("%c", b), fmt.Sprintf("%b", b), fmt.Sprintf("%o", b), fmt.Sprintf("%O", b),
		html.EscapeString(canary), url.QueryEscape(canary), hex.Dump(b),
		strings.ReplaceAll(fmt.Sprint(b), " ", ",\n\t(uint8) "),
		base64.StdEncoding.EncodeToString([]byte("\x01" + canary)),
		base64.URLEncoding.EncodeToString([]byte("\x01\x02" + canary)),
	} {
		assert.NotEmpty(t, leak(output), output)
	}
	for _, output := range []string{
		"", "[redacted]", canary[:5], "hunte r2Zq7 wX0pL", "0xc000123456 value#4be102fd", "[104 117 110 116 101]",
	} {
		assert.Empty(t, leak(output), output)
	}
}
