package syntax

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

// maxSafeInteger is the largest integer up to which a JavaScript number holds every one.
const maxSafeInteger = 1<<53 - 1

// tomlScalar returns the value of a string, boolean, number, date or time. The error is without its offset.
func tomlScalar(n *unstable.Node) (v jsvalue.Value, err *Error) {
	switch text := string(n.Data); n.Kind {
	case unstable.String:
		return jsvalue.StringValue(text), nil
	case unstable.Bool:
		return jsvalue.BoolValue(text == "true"), nil
	case unstable.Integer:
		i, err := strconv.ParseInt(text, 0, 64)
		if err != nil || i > maxSafeInteger || i < -maxSafeInteger {
			return v, invalid(0, "an integer beyond 2^53 loses digits in JavaScript; write it as a string")
		}
		return jsvalue.NumberValue(float64(i)), nil
	case unstable.Float:
		if strings.HasSuffix(text, "nan") {
			return jsvalue.NumberValue(math.NaN()), nil
		}
		f, _ := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64) // an infinity if it is out of range
		return jsvalue.NumberValue(f), nil
	case unstable.LocalDate, unstable.LocalTime, unstable.LocalDateTime, unstable.DateTime:
		if iso, ok := isoDate(strings.ToUpper(text)); ok {
			return jsvalue.DateValue(iso), nil
		}
		return v, invalid(0, "this date or time does not exist")
	}
	return v, &Error{Code: CodeLibrary}
}

// isoDate returns what JSON.stringify makes of a date, a time, or both with or without an offset: always with
// milliseconds, and with the offset as it is written.
func isoDate(s string) (iso string, ok bool) {
	s = strings.Replace(s, " ", "T", 1)
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.Format(time.DateOnly), true
	}
	for _, layout := range []string{"15:04:05", "15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(strings.TrimSuffix(layout, ":05") + ":05.000"), true
		}
		if t, err := time.Parse(layout+"Z07:00", s); err == nil && len(layout) > len("15:04:05") {
			zone := s[strings.LastIndexAny(s, "Z+-"):]
			return t.Format(strings.TrimSuffix(layout, ":05")+":05.000") + zone, true
		}
	}
	return "", false
}
