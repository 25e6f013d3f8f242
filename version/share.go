package version

import (
	"strconv"
	"strings"
)

// Share is a part of the requests, in hundredths of a percent: 10,000 is all of them. As text and as JSON it is a
// percentage, as 12.5.
type Share int

// All is the share of a version that gets every request.
const All Share = 10_000

// Percent returns n percent.
func Percent(n int) Share { return Share(n) * 100 }

// ParseShare reads a percentage, as "90", "0.01" or "33.30". It fails with [ErrShare] for anything that is not a
// plain decimal number from 0 to 100 with at most two decimals that count.
func ParseShare(text string) (Share, error) {
	whole, decimals, _ := strings.Cut(text, ".")
	decimals = strings.TrimRight(decimals, "0")
	if whole == "" || len(whole) > 3 || len(decimals) > 2 || !digits(whole+decimals) || strings.HasSuffix(text, ".") {
		return 0, ErrShare
	}
	n, _ := strconv.Atoi(whole + (decimals + "00")[:2]) // five digits at most
	if Share(n) > All {
		return 0, ErrShare
	}
	return Share(n), nil
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// String returns the percentage without zeros at its end, as "100", "12.5" or "0.01".
func (s Share) String() string {
	if s < 0 {
		return "-" + (-s).String()
	}
	text := strconv.Itoa(int(s / 100))
	if rest := int(s % 100); rest != 0 {
		text += "." + strings.TrimRight(strconv.Itoa(100 + rest)[1:], "0")
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
