package sfv_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/internal/sfv"
)

// The grammar is that of RFC 8941, section 3.2 and what it refers to.
func TestString(t *testing.T) {
	for header, want := range map[string]string{
		`api="id-2"`:                             "id-2",
		` other="x",api="id-2" `:                 "id-2",
		"other=1.5;a;b=?1 ,\t api=\"id-2\";p=1":  "id-2",
		`api="nothing", api="id-2"`:              "id-2", // the last one counts
		`a=(1 "b" c;d),x=:aGk=:,y=?0,api="id-2"`: "id-2",
		`api="id-\"2\\"`:                         `id-"2\`,
		`api=id-2`:                               "", // a token is not a String
		`api=("id-2")`:                           "",
		`api`:                                    "",
		`API="id-2"`:                             "", // keys are lower case
		`other="id-2"`:                           "",
		`api="id-2",`:                            "", // not a dictionary
		`api="id-2", B=1`:                        "",
		`api="id-2`:                              "",
		`api="id-2" x`:                           "",
		`api="id-2";`:                            "",
		`api="id-2", o=1.2345`:                   "",
		`api="id-2", o=1234567890123456`:         "",
		`api="id-2", o=(1`:                       "",
		`api="id-2", o=(1"a")`:                   "",
		`api="id-2", o=:a`:                       "",
		`api="id-2", o=?2`:                       "",
		`api="id-2", o=`:                         "",
		`api="ïd-2"`:                             "",
		``:                                       "",
	} {
		got, ok := sfv.String([]string{header}, "api")
		require.Equal(t, want, got, header)
		require.Equal(t, want != "", ok, header)
	}
	got, ok := sfv.String([]string{`a="b"`, `api="id-2"`}, "api")
	require.True(t, ok)
	require.Equal(t, "id-2", got)
	_, ok = sfv.String(nil, "api")
	require.False(t, ok)
}

// FuzzString: no panic, and a member behind a well-formed dictionary is the one that counts.
func FuzzString(f *testing.F) {
	for _, seed := range []string{
		`a="b"`, `a=(1 2;x);y, b=:YQ==:`, `*k=?0;p=1.5`, `a=tok/en, api="x\"y\\z"`, "a=1,\tb", `a="`, `=`, `,`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		sfv.String([]string{header}, "api")
		if _, ok := sfv.String([]string{header, `probe="1"`}, "probe"); ok {
			text, ok := sfv.String([]string{header, `api="the id"`}, "api")
			require.True(t, ok)
			require.Equal(t, "the id", text)
		}
	})
}
