package jsvalue_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

func TestMapKeepsJavaScriptOrder(t *testing.T) {
	tests := []struct {
		name      string
		set, want []string
	}{
		{"nothing", nil, nil},
		{"as inserted", []string{"b", "a", "c"}, []string{"b", "a", "c"}},
		{"integers first", []string{"b", "10", "a", "9"}, []string{"9", "10", "b", "a"}},
		{"only canonical ones", []string{"01", "-1", "4294967295", "4294967294"},
			[]string{"4294967294", "01", "-1", "4294967295"}},
		{"the first place counts", []string{"b", "a", "b"}, []string{"b", "a"}},
		{"many", []string{"j", "i", "h", "g", "f", "e", "d", "c", "b", "a", "j", "0"},
			[]string{"0", "j", "i", "h", "g", "f", "e", "d", "c", "b", "a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var m jsvalue.Map[int]
			last := map[string]int{}
			for i, key := range test.set {
				m.Set(key, i)
				last[key] = i
			}
			assert.Equal(t, test.want, slices.Clip(m.Keys()))
			assert.Equal(t, len(test.want), m.Len())
			var keys []string
			for key, v := range m.All() {
				keys = append(keys, key)
				assert.Equal(t, last[key], v)
				got, ok := m.Get(key)
				assert.True(t, ok)
				assert.Equal(t, v, got)
			}
			assert.Equal(t, test.want, keys)
			for i, v := range m.Values() {
				assert.Equal(t, last[keys[i]], v)
			}
			assert.Len(t, m.Values(), len(keys))
			_, ok := m.Get("none")
			assert.False(t, ok)
		})
	}
}
