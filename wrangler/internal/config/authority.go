package config

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// isHTTPSURL reports whether "https://" + rest is a URL to the WHATWG's parser, the one of JavaScript. Only the host
// and the port can be wrong. Names beyond ASCII are taken without a look at the rules of IDNA.
func isHTTPSURL(rest string) bool {
	rest = strings.TrimRight(rest, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15"+
		"\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f ")
	rest = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(rest)
	rest = strings.TrimLeft(rest, `/\`)
	if end := strings.IndexAny(rest, `/\?#`); end >= 0 {
		rest = rest[:end]
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = rest[at+1:]
	}
	host, port := splitPort(rest)
	return isPort(port) && isHost(host)
}

// splitPort cuts off what follows the first colon that is not inside brackets.
func splitPort(s string) (host, port string) {
	inside := false
	for i := range len(s) {
		switch {
		case s[i] == '[':
			inside = true
		case s[i] == ']':
			inside = false
		case s[i] == ':' && !inside:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func isPort(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	s = strings.TrimLeft(s, "0")
	return len(s) < 5 || len(s) == 5 && s <= "65535"
}

func isHost(host string) bool {
	if strings.HasPrefix(host, "[") {
		inner, ok := strings.CutSuffix(host[1:], "]")
		return ok && isIPv6(inner)
	}
	host = unescape(host)
	if host == "" || !utf8.ValidString(host) || strings.ContainsAny(host, "\x7f #%/:<>?@[\\]^|\uFFFD") {
		return false
	}
	for _, c := range []byte(host) {
		if c < ' ' {
			return false
		}
	}
	return !endsInNumber(host) || isIPv4(host)
}

// unescape decodes %XX.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// endsInNumber reports whether the last label is a number, so that the host must be an IPv4 address.
func endsInNumber(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := labels[len(labels)-1]
	if last != "" && strings.Trim(last, "0123456789") == "" {
		return true
	}
	_, ok := ipv4Number(last)
	return ok
}

func isIPv4(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(labels) > 4 {
		return false
	}
	for i, label := range labels {
		n, ok := ipv4Number(label)
		limit := uint64(255)
		if i == len(labels)-1 {
			limit = 1<<(8*(5-len(labels))) - 1
		}
		if !ok || n > limit {
			return false
		}
	}
	return true
}

// ipv4Number reads a number in decimal, octal or hexadecimal. One that is too big for any address is capped.
func ipv4Number(s string) (uint64, bool) {
	base := 10
	switch {
	case s == "":
		return 0, false
	case len(s) >= 2 && (s[:2] == "0x" || s[:2] == "0X"):
		s, base = s[2:], 16
	case len(s) >= 2 && s[0] == '0':
		s, base = s[1:], 8
	}
	var n uint64
	for _, c := range []byte(s) {
		digit := strings.IndexByte("0123456789abcdef", lowerASCII(c))
		if digit < 0 || digit >= base {
			return 0, false
		}
		n = min(n*uint64(base)+uint64(digit), 1<<33)
	}
	return n, true
}

// isIPv6 reports whether s is eight groups of hexadecimal digits, of which "::" can stand for some and an IPv4
// address for the last two.
func isIPv6(s string) bool {
	head, tail, short := strings.Cut(s, "::")
	if short && strings.Contains(tail, "::") {
		return false
	}
	n, ok := ipv6Groups(head, !short)
	if !short {
		return ok && n == 8
	}
	m, okTail := ipv6Groups(tail, true)
	return ok && okTail && n+m <= 7
}

// ipv6Groups counts groups between colons.
func ipv6Groups(s string, last bool) (int, bool) {
	if s == "" {
		return 0, true
	}
	groups := strings.Split(s, ":")
	count := len(groups)
	if final := groups[count-1]; last && strings.Contains(final, ".") {
		if !isDottedQuad(final) {
			return 0, false
		}
		groups = groups[:count-1]
		count++
	}
	for _, g := range groups {
		if len(g) < 1 || len(g) > 4 || strings.Trim(g, "0123456789abcdefABCDEF") != "" {
			return 0, false
		}
	}
	return count, true
}

func isDottedQuad(s string) bool {
	parts := strings.Split(s, ".")
	for _, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil || strconv.FormatUint(n, 10) != p {
			return false
		}
	}
	return len(parts) == 4
}
