package syntax

import (
	"strings"
	"time"
)

func (c *tomlCheck) areDigits(from, n int) bool {
	for i := from; i < from+n; i++ {
		if !c.isDigitAt(i) {
			return false
		}
	}
	return true
}

func (c *tomlCheck) isDigitAt(i int) bool { return i < len(c.text) && isDigit(c.text[i]) }

// date checks a date, perhaps with a time and an offset. The reference looks at some of the bytes only, here to find
// the end, and leaves the others to JavaScript's Date.
func (c *tomlCheck) date() error {
	start := c.pos
	if !c.isDigitAt(start + len("2006-01-0")) {
		return c.fault(start, "invalid date-time: date part is malformed")
	}
	c.pos += len("2006-01-02")
	switch ch := c.at(c.pos); {
	case ch == ' ' && c.isDigitAt(c.pos+1), ch == 'T', ch == 't':
	default:
		return c.endDate(start)
	}
	if c.at(c.pos+len("T15")) != ':' {
		return c.fault(start, "invalid date-time: time part is malformed")
	}
	c.pos++
	c.skipTime()
	switch c.at(c.pos) {
	case 'Z', 'z':
		c.pos++
	case '+', '-':
		c.pos += len("-07:00")
	}
	return c.endDate(start)
}

// time checks a time without a date.
func (c *tomlCheck) time() error {
	start := c.pos
	c.skipTime()
	return c.endDate(start)
}

// skipTime skips a time as far as the reference does.
func (c *tomlCheck) skipTime() {
	c.pos += len("15:04")
	if c.at(c.pos) == ':' {
		c.pos += len(":05")
	}
	if c.at(c.pos) == '.' {
		for c.pos++; c.isDigitAt(c.pos); c.pos++ {
		}
	}
}

func (c *tomlCheck) endDate(start int) error {
	c.pos = min(c.pos, len(c.text))
	if _, ok := isoDate(string(c.text[start:c.pos])); !ok {
		return c.fault(start, "invalid date")
	}
	return nil
}

// isoDate returns the text that JSON.stringify gives for a date, a time, or both, perhaps with an offset. Days that a
// month does not have are in the next month, as for JavaScript's Date.
//
// The reference takes more: what is not of this form goes to a reader of V8 that makes some date of many texts, by the
// time zone of the machine. That is not modelled.
func isoDate(s string) (iso string, ok bool) {
	day, s, ok := cutDay(s)
	if !ok || s == "" {
		return day, ok
	}
	if day != "" {
		day, s = day+"T", s[1:]
	}
	clock, zone, ok := cutClock(s)
	if !ok || zone != "" && (day == "" || !isZone(zone)) {
		return "", false
	}
	return day + clock + strings.ToUpper(zone), true
}

// cutDay reads the date at the start of s; it is "" if s begins with a time.
func cutDay(s string) (day, rest string, ok bool) {
	const layout = "2006-01-02"
	if len(s) < len(layout) || s[4] != '-' {
		return "", s, s != ""
	}
	y, ok1 := digits(s[:4], 0, 9999)
	m, ok2 := digits(s[5:7], 1, 12)
	d, ok3 := digits(s[8:10], 1, 31)
	date := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return date.Format(layout), s[len(layout):], ok1 && ok2 && ok3
}

// cutClock reads the time at the start of s, with seconds and milliseconds.
func cutClock(s string) (clock, rest string, ok bool) {
	if len(s) < len("15:04") || !isClockPart(s[:2], 23) || s[2] != ':' || !isClockPart(s[3:5], 59) {
		return "", "", false
	}
	clock, rest = s[:5], s[5:]
	if !strings.HasPrefix(rest, ":") {
		return clock + ":00.000", rest, true
	}
	if len(rest) < len(":05") || !isClockPart(rest[1:3], 59) {
		return "", "", false
	}
	clock, rest = clock+rest[:3], rest[3:]
	if !strings.HasPrefix(rest, ".") {
		return clock + ".000", rest, true
	}
	fraction := rest[1:]
	rest = strings.TrimLeft(fraction, "0123456789")
	fraction = fraction[:len(fraction)-len(rest)]
	return clock + "." + (fraction + "000")[:3], rest, fraction != ""
}

// isZone reports whether s is Z or an offset such as +07:00.
func isZone(s string) bool {
	if s == "Z" || s == "z" {
		return true
	}
	return len(s) == len("-07:00") && (s[0] == '+' || s[0] == '-') &&
		isClockPart(s[1:3], 23) && s[3] == ':' && isClockPart(s[4:6], 59)
}

func isClockPart(s string, highest int) bool {
	_, ok := digits(s, 0, highest)
	return ok
}

// digits returns the number that s is, and whether it is one and within the bounds.
func digits(s string, lowest, highest int) (n int, ok bool) {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, n >= lowest && n <= highest
}
