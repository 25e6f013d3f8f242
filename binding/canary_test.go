package binding_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// canary is the text that must not appear in any output. Each kind of quotes escapes its last
// characters differently.
const canary = "hunter2Zq7wX0pLm9VtRk4bé\"<&'\n\\x"

// window is the number of consecutive bytes of the canary that count as a leak.
const window = 6

// forms returns text in the forms in which printers, encoders and dumpers may write it.
func forms(text string) []string {
	quoted, _ := json.Marshal(text)
	b := []byte(text)
	reversed := slices.Clone(b)
	slices.Reverse(reversed)
	list := []string{
		text, inner(strconv.Quote(text)), inner(strconv.QuoteToASCII(text)), inner(string(quoted)), html.EscapeString(text),
		hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)), hex.EncodeToString(reversed),
		base64.StdEncoding.EncodeToString(b), base64.URLEncoding.EncodeToString(b),
	}
	for _, verb := range []string{"%d", "%02x", "%02X", "%#x", "%#X", "%o", "%O", "%b", "%08b", "%U", "%c", "%q"} {
		var each []string
		for _, x := range b {
			each = append(each, fmt.Sprintf(verb, x))
		}
		for _, separator := range []string{" ", ", ", ","} {
			list = append(list, strings.Join(each, separator))
		}
	}
	return list
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// needles has the forms of all windows of the canary.
var needles = func() []string {
	var all []string
	for i := range len(canary) - window + 1 {
		all = append(all, forms(canary[i:i+window])...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}()

// leak returns the first needle that is in output, or "" if there is none.
func leak(output string) string {
	for _, needle := range needles {
		if strings.Contains(output, needle) {
			return needle
		}
	}
	return ""
}

func TestLeakIsFound(t *testing.T) {
	for _, output := range []string{
		canary, canary[:6], canary[len(canary)-6:], "xx" + canary[7:13] + "yy", fmt.Sprintf("%q", canary),
		fmt.Sprintf("%+q", canary), fmt.Sprintf("%x", canary), fmt.Sprintf("% X", canary),
		fmt.Sprintf("%# x", canary), fmt.Sprintf("%#v", []byte(canary)), fmt.Sprint([]byte(canary)),
		fmt.Sprintf("%U", []rune(canary)), fmt.Sprintf("%c", []byte(canary)),
		fmt.Sprintf("%b", []byte(canary)), fmt.Sprintf("%o", []byte(canary)), html.EscapeString(canary),
		base64.StdEncoding.EncodeToString([]byte("\x01" + canary)),
		base64.URLEncoding.EncodeToString([]byte("\x01\x02" + canary)),
	} {
		assert.NotEmpty(t, leak(output), output)
	}
	for _, output := range []string{"", "[redacted]", canary[:5], "hunte r2Zq7 wX0pL", "0xc000123456 value#4be102fd"} {
		assert.Empty(t, leak(output), output)
	}
}
