package config

import "math"

// dayParts are up to three numbers, and perhaps a month by name.
type dayParts struct {
	part  [3]int
	count int
	month int // 1 to 12, 0 if there is none by name
	iso   bool
}

func (d *dayParts) add(n int) bool {
	if d.count == len(d.part) {
		return false
	}
	d.part[d.count] = n
	d.count++
	return true
}

func isMonth(n int) bool { return n >= 1 && n <= 12 }
func isDay(n int) bool   { return n >= 1 && n <= 31 }

// date tells which number is what. The month and the day are 1 by default.
func (d *dayParts) date() (year, month, day int) {
	p := d.part
	for i := d.count; i < len(p); i++ {
		p[i] = 1
	}
	switch {
	case d.month != 0 && !isDay(p[0]):
		year, month, day = p[0], d.month, p[1]
	case d.month != 0:
		year, month, day = p[1], d.month, p[0]
	case d.iso || !isDay(p[0]):
		year, month, day = p[0], p[1], p[2]
	default:
		year, month, day = p[2], p[0], p[1]
	}
	switch {
	case d.iso:
	case year >= 0 && year <= 49:
		year += 2000
	case year >= 50 && year <= 99:
		year += 1900
	}
	return year, month, day
}

// timeParts are hours, minutes, seconds and milliseconds.
type timeParts struct {
	part  [4]int
	count int
	half  int // hours to add for a half of the day
	isPM  bool
}

func (t *timeParts) add(n int) bool {
	if t.count == len(t.part) {
		return false
	}
	t.part[t.count] = n
	t.count++
	return true
}

// finish adds the last part that is given.
func (t *timeParts) finish(n int) {
	t.add(n)
	t.count = len(t.part)
}

// expects reports whether n can be the next part.
func (t *timeParts) expects(n int) bool {
	switch t.count {
	case 1, 2:
		return n < 60
	case 3:
		return n < 1000
	}
	return false
}

func (t *timeParts) setHalf(hours int) { t.isPM, t.half = true, hours }

// milliseconds returns the time of the day in milliseconds, and whether it is one.
func (t *timeParts) milliseconds() (int, bool) {
	p := t.part
	if t.isPM {
		if p[0] < 0 || p[0] > 12 {
			return 0, false
		}
		p[0] = p[0]%12 + t.half
	}
	total := ((p[0]*60+p[1])*60+p[2])*1000 + p[3]
	if p[0] > 23 || p[1] > 59 || p[2] > 59 || p[3] > 999 {
		return total, p == [4]int{24}
	}
	return total, true
}

// zoneParts are an offset from UTC.
type zoneParts struct {
	hour, minute       int
	hasHour, hasMinute bool
	negative           bool
}

func (z *zoneParts) set(hours int) {
	z.negative = hours < 0
	z.setHour(max(hours, -hours))
	z.setMinute(0)
}

func (z *zoneParts) setSign(t dateToken) { z.negative = t.symbol == '-' }
func (z *zoneParts) setHour(n int)       { z.hour, z.hasHour = n, true }
func (z *zoneParts) setMinute(n int)     { z.minute, z.hasMinute = n, true }
func (z *zoneParts) isUTC() bool         { return z.hasHour && z.hasMinute && z.hour == 0 && z.minute == 0 }

// expectsMinute reports whether n can be the minutes that are still to come.
func (z *zoneParts) expectsMinute(n int) bool { return z.hasHour && !z.hasMinute && n < 60 }

// seconds returns the offset, and whether there can be such a one. V8 works it out in 32 bits.
func (z *zoneParts) seconds() (int64, bool) {
	n := int64(uint32(z.hour)*3600 + uint32(z.minute)*60)
	ok := n <= math.MaxInt32
	if z.negative {
		n = -n
	}
	return n, ok
}

// maxTime is the last time of a Date, in milliseconds from 1970; the first is as far before it.
const maxTime = 8_640_000_000_000_000

// isComplete reports whether what was read is a date that a Date can hold.
func (p *dateParser) isComplete() bool {
	if p.day.count == 0 {
		return false
	}
	year, month, day := p.day.date()
	ms, hasTime := p.time.milliseconds()
	offset, hasZone := p.zone.seconds()
	if !hasTime || !hasZone || !isMonth(month) || !isDay(day) || year < -1_000_000 || year > 1_000_000 {
		return false
	}
	total := int64(daysFromEpoch(year, month, day))*86_400_000 + int64(ms) - offset*1000
	return total >= -maxTime && total <= maxTime
}

// daysFromEpoch counts the days from 1970-01-01 in the Gregorian calendar. Days beyond the end of a month go on into
// the next.
func daysFromEpoch(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	era := floorDiv(year, 400)
	ofEra := year - era*400
	ofYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
