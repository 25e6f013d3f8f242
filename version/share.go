package version

import (
	"strconv"
	"strings"
)

// Share is a share of the traffic, in thousandths of a percent: 100,000 is all of it. As text and as JSON it is a
// percentage, for example 12.5. wrangler 4.164.0 sends three decimals. The smallest share that Cloudflare's API accepts
// is 0.01 %, and 0 for a version that only gets requests with an override.
type Share int

// All is the share of a version that gets every request.
const All Share = 100 * percent

const (
	percent       Share = 1_000
	hundredth           = percent / 100 // the smallest share above 0
	shareDecimals       = 3
)

// Percent returns n percent.
func Percent(n int) Share { return Share(n) * percent }

// ParseShare parses a percentage, for example "90", "0.01", "33.333" or "33.30". It fails with [ErrShare] unless text
// is 0, or a decimal number from 0.01 to 100 with at most three decimals, not counting zeros at its end.
func ParseShare(text string) (Share, error) {
	whole, decimals, _ := strings.Cut(text, ".")
	decimals = strings.TrimRight(decimals, "0")
	if whole == "" || len(whole) > 3 || len(decimals) > shareDecimals ||
		strings.Trim(whole+decimals, "0123456789") != "" || strings.HasSuffix(text, ".") {
		return 0, ErrShare
	}
	n, _ := strconv.Atoi(whole + (decimals + "000")[:shareDecimals]) // six digits at most
	if !Share(n).isValid() {
		return 0, ErrShare
	}
	return Share(n), nil
}

// isValid reports whether a version can have the share s.
func (s Share) isValid() bool { return s == 0 || s >= hundredth && s <= All }

// String returns the percentage without zeros at its end, for example "100", "12.5" or "0.01".
func (s Share) String() string {
	return strconv.FormatFloat(float64(s)/float64(percent), 'f', -1, 64)
}

// MarshalJSON returns the percentage as a JSON number.
func (s Share) MarshalJSON() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalJSON parses a JSON number as [ParseShare] does. Null leaves s unchanged.
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
