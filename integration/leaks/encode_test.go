package leaks_test

import (
	"bytes"
	"fmt"

	"github.com/go-viper/mapstructure/v2"
	goyaml "github.com/goccy/go-yaml"
	"github.com/mitchellh/copystructure"
	"github.com/pelletier/go-toml/v2"
	"github.com/vmihailenco/msgpack/v5"
	"gopkg.in/yaml.v3"
)

// encoders are the probes that encode or copy.
var encoders = map[string]probe{
	"yaml.v3":       func(p place) string { return encoded(yaml.Marshal, p.x) },
	"goccy/go-yaml": func(p place) string { return encoded(goyaml.Marshal, p.x) },
	"go-toml":       func(p place) string { return encoded(toml.Marshal, p.x) },
	"msgpack":       func(p place) string { return encoded(msgpack.Marshal, p.x) + msgpackArrays(p.x) },
	"mapstructure":  probeMapstructure,
	"copystructure": probeCopystructure,
}

// encoded returns the result of marshal for x and for a map that contains x.
func encoded(marshal func(any) ([]byte, error), x any) string {
	return parts(
		func() string { out, err := marshal(x); return fmt.Sprintf("%s %v\n", out, err) },
		func() string { out, err := marshal(map[string]any{"k": x}); return fmt.Sprintf("%s %v\n", out, err) },
	)
}

func msgpackArrays(x any) string {
	var b bytes.Buffer
	e := msgpack.NewEncoder(&b)
	e.UseArrayEncodedStructs(true)
	e.SetSortMapKeys(true)
	return fmt.Sprint(e.Encode(x)) + b.String()
}

// probeMapstructure decodes a place into types that fit and types that do not, whose errors contain
// values.
func probeMapstructure(p place) string {
	var out bytes.Buffer
	for _, into := range []any{
		&map[string]any{}, new(any), new(int), new(string), &[]any{}, new(struct{ Name, V, K int }),
	} {
		text := attempt(func() string {
			return fmt.Sprintln(mapstructure.Decode(p.x, into), mapstructure.WeakDecode(p.x, into))
		})
		fmt.Fprintf(&out, "%s %+v %s\n", text, into, walked(into))
	}
	return out.String()
}

func probeCopystructure(p place) string {
	c, err := copystructure.Copy(p.x)
	return fmt.Sprintf("%+v %#v %v", c, c, err) + walked(c)
}
