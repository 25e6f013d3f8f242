package binding_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/workerenv/workerenv/binding"
)

func TestValueReveal(t *testing.T) {
	for _, text := range []string{"", " ", "a", "a\x00b", "\xff\xfe", "[redacted]", strings.Repeat("x", 1<<20)} {
		v := binding.NewValue(text)
		assert.True(t, v.Reveal() == text, "text of %d bytes", len(text))
		assert.False(t, v.IsZero())
	}
	assert.Equal(t, "", binding.Value{}.Reveal())
	assert.True(t, binding.Value{}.IsZero())
}

// TestValueEquality checks that every kind of equality agrees with that of the texts.
func TestValueEquality(t *testing.T) {
	texts := []string{"", "a", "b", "a ", "[redacted]", "[unset]"}
	values := []binding.Value{{}}
	for _, text := range texts {
		values = append(values, binding.NewValue(text))
	}
	again := []binding.Value{{}}
	for _, text := range texts {
		again = append(again, binding.NewValue(strings.Clone(text)))
	}
	for i, v := range values {
		for j, w := range again {
			same := i == j
			assert.Equal(t, same, v == w, "== of %d and %d", i, j)
			assert.Equal(t, same, v.Equal(w), "Equal of %d and %d", i, j)
			assert.Equal(t, same, reflect.DeepEqual(v, w), "DeepEqual of %d and %d", i, j)
			assert.Equal(t, same, assert.ObjectsAreEqual(v, w), "testify of %d and %d", i, j)
			assert.Equal(t, same, map[binding.Value]bool{v: true}[w], "map key of %d and %d", i, j)
			assert.Equal(t, same, v.Fingerprint() == w.Fingerprint(), "fingerprint of %d and %d", i, j)
		}
	}
}

// TestValueDeepCopy copies the memory of a Value, as deep-copy libraries do.
func TestValueDeepCopy(t *testing.T) {
	v := binding.NewValue("copied text")
	original := reflect.ValueOf(v).Field(0)
	twin := reflect.New(original.Type().Elem())
	twin.Elem().Set(reflect.NewAt(original.Type().Elem(), original.UnsafePointer()).Elem())
	var w binding.Value
	*(*unsafe.Pointer)(unsafe.Pointer(&w)) = twin.UnsafePointer()
	assert.False(t, v == w)
	assert.True(t, v.Equal(w))
	assert.Equal(t, "copied text", w.Reveal())
	assert.False(t, w.Equal(binding.NewValue("other text")))
	assert.False(t, w.Equal(binding.Value{}))
}

func TestValueFingerprint(t *testing.T) {
	v := binding.NewValue("fingerprinted")
	assert.Regexp(t, `^value#[0-9a-f]{8}$`, v.Fingerprint())
	assert.Equal(t, "", binding.Value{}.Fingerprint())
	assert.Equal(t, "", binding.Value{}.FingerprintWith([]byte("key")))

	// Test cases 2 and 6 of RFC 4231.
	assert.Equal(t, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		binding.NewValue("what do ya want for nothing?").FingerprintWith([]byte("Jefe")))
	long := []byte(strings.Repeat("\xaa", 131))
	assert.Equal(t, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
		binding.NewValue("Test Using Larger Than Block-Size Key - Hash Key First").FingerprintWith(long))
}

func TestValuePrints(t *testing.T) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t", "%100s", "%.2s", "%-9v"} {
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, binding.NewValue("text")), verb)
		assert.Equal(t, "[redacted]", fmt.Sprintf(verb, binding.NewValue("")), verb)
		assert.Equal(t, "[unset]", fmt.Sprintf(verb, binding.Value{}), verb)
	}
	for v, want := range map[binding.Value]string{{}: "[unset]", binding.NewValue("text"): "[redacted]"} {
		assert.Equal(t, want, v.String())
		assert.Equal(t, want, v.LogValue().String())
	}
}

func TestValueMarshal(t *testing.T) {
	type document struct {
		V binding.Value
		O binding.Value `json:",omitzero"`
		M map[binding.Value]int
	}
	out, err := json.Marshal(document{V: binding.NewValue("text"), M: map[binding.Value]int{binding.NewValue("k"): 1}})
	require.NoError(t, err)
	assert.Equal(t, `{"V":"[redacted]","M":{"[redacted]":1}}`, string(out))

	var back document
	assert.ErrorIs(t, json.Unmarshal(out, &back), binding.ErrRedacted)

	out, err = json.Marshal(binding.Value{})
	require.NoError(t, err)
	assert.Equal(t, "null", string(out))

	_, err = binding.NewValue("text").MarshalBinary()
	assert.Error(t, err)
	_, err = binding.NewValue("text").GobEncode()
	assert.Error(t, err)

	y, err := binding.NewValue("text").MarshalYAML()
	assert.NoError(t, err)
	assert.Equal(t, "[redacted]", y)
	y, err = binding.Value{}.MarshalYAML()
	assert.NoError(t, err)
	assert.Nil(t, y)
}

func TestValueUnmarshalJSON(t *testing.T) {
	before := binding.NewValue("before")
	for in, want := range map[string]binding.Value{
		`"text"`:       binding.NewValue("text"),
		`""`:           binding.NewValue(""),
		`"\u0061\n"`:   binding.NewValue("a\n"),
		`null`:         before,
		` "padded" `:   binding.NewValue("padded"),
		`"[Redacted]"`: binding.NewValue("[Redacted]"),
	} {
		v := before
		assert.NoError(t, json.Unmarshal([]byte(in), &v), in)
		assert.True(t, v == want, in)
	}
	for _, in := range []string{`1`, `true`, `{}`, `["hunter2"]`, `{"hunter2":"hunter2"}`, `"[redacted]"`, `"[unset]"`,
		`"\u005bredacted]"`} {
		v := before
		err := json.Unmarshal([]byte(in), &v)
		if assert.Error(t, err, in) {
			assert.NotContains(t, err.Error(), "hunter2")
		}
		assert.True(t, v == before, "%s changed the value", in)
	}
	var v binding.Value
	err := v.UnmarshalJSON([]byte(`"hunter2`))
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "hunter2")
}

func TestValueUnmarshalText(t *testing.T) {
	buffer := []byte("text")
	var v binding.Value
	require.NoError(t, v.UnmarshalText(buffer))
	copy(buffer, "XXXX")
	assert.Equal(t, "text", v.Reveal())
	require.NoError(t, v.UnmarshalText(nil))
	assert.True(t, v == binding.NewValue(""))

	for _, printed := range []string{binding.NewValue("x").String(), binding.Value{}.String()} {
		assert.ErrorIs(t, v.UnmarshalText([]byte(printed)), binding.ErrRedacted)
	}
}

// TestValueIsCollected checks that the interner drops the Values that are not in use, and no others.
func TestValueIsCollected(t *testing.T) {
	kept := binding.NewValue("kept over collections")
	before := binding.Interned()
	const n = 5000
	for i := range n {
		binding.NewValue(fmt.Sprintf("dropped %d", i))
	}
	deadline := time.Now().Add(10 * time.Second)
	for binding.Interned() > before+n/100 && time.Now().Before(deadline) {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	assert.LessOrEqual(t, binding.Interned(), before+n/100)
	assert.True(t, kept == binding.NewValue("kept over collections"))
	assert.Equal(t, "kept over collections", kept.Reveal())
}

// TestValueConcurrent makes and compares the same values in many goroutines while the garbage
// collector runs.
func TestValueConcurrent(t *testing.T) {
	texts := make([]string, 50)
	for i := range texts {
		texts[i] = fmt.Sprintf("shared %d", i)
	}
	done := make(chan struct{})
	var collector, workers sync.WaitGroup
	collector.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				runtime.GC()
			}
		}
	})
	for range 8 {
		workers.Go(func() {
			for i := range 3000 {
				text := texts[i%len(texts)]
				v, w := binding.NewValue(text), binding.NewValue(text)
				if v != w || v.Reveal() != text || v.Fingerprint() != w.Fingerprint() {
					t.Error("equal texts have different values")
					return
				}
				binding.NewValue(fmt.Sprintf("own %d", i))
			}
		})
	}
	workers.Wait()
	close(done)
	collector.Wait()
}

// TestValueDoesNotPinItsSource checks that a Value of a part of a large text does not keep the large
// text in memory.
func TestValueDoesNotPinItsSource(t *testing.T) {
	const size = 64 << 20
	v := func() binding.Value {
		file := strings.Repeat("x", size) + "KEY"
		return binding.NewValue(file[size:])
	}()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	assert.Less(t, m.HeapAlloc, uint64(size))
	assert.Equal(t, "KEY", v.Reveal())
}
