package version

import (
	"strconv"
	"strings"
)

// Share is a part of the requests, in thousandths of a percent: 100,000 is all of them. As text and as JSON it is a
// percentage, as 12.5. That is as fine as wrangler 4.164.0 sends percentages; the least one that Cloudflare's API
// takes is 0.01, beside 0 for a version that gets requests with an override only.
type Share int

// All is the share of a version that gets every request.
const All Share = 100 * percent

const (
	percent       Share = 1_000
	hundredth           = percent / 100 // the least share but 0
	shareDecimals       = 3
)

// Percent returns n percent.
func Percent(n int) Share { return Share(n) * percent }

// ParseShare reads a percentage, as "90", "0.01", "33.333" or "33.30". It fails with [ErrShare] for anything that is not
// 0, or a plain decimal number from 0.01 to 100 with at most three decimals that count.
func ParseShare(text string) (Share, error) {
	whole, decimals, _ := strings.Cut(text, ".")
	decimals = strings.TrimRight(decimals, "0")
	if whole == "" || len(whole) > 3 || len(decimals) > shareDecimals || !digits(whole+decimals) || strings.HasSuffix(text, ".") {
		return 0, ErrShare
	}
	n, _ := strconv.Atoi(whole + (decimals + "000")[:shareDecimals]) // six digits at most
	if !Share(n).isValid() {
		return 0, ErrShare
	}
	return Share(n), nil
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// isValid reports whether a version can have the share s.
func (s Share) isValid() bool { return s == 0 || s >= hundredth && s <= All }

// String returns the percentage without zeros at its end, as "100", "12.5" or "0.01".
func (s Share) String() string {
	if s < 0 {
		return "-" + (-s).String()
	}
	text := strconv.Itoa(int(s / percent))
	if rest := int(s % percent); rest != 0 {
		text += "." + strings.TrimRight(strconv.Itoa(int(percent) + rest)[1:], "0")
	}
	return text
}

// MarshalJSON returns the percentage as a JSON number.
func (s Share) MarshalJSON() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalJSON reads what [ParseShare] reads, as a JSON number. Null leaves s as it is.
func (s *Share) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	share, err := ParseShare(string(data))
	if err != nil {
		return err
	}
	*s = share
	return nil
}
