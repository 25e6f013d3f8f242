package hidden_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/workerenv/workerenv/internal/hidden"
)

type content struct{ text string }

func TestBox(t *testing.T) {
	assert.Equal(t, "text", hidden.New("text").Get())
	assert.Equal(t, content{"text"}, hidden.New(content{"text"}).Get())
	assert.Equal(t, "", hidden.Box[string]{}.Get())
	assert.Nil(t, hidden.Box[*content]{}.Get())
}

// TestBoxShowsNothing covers a Box alone. The tests of integration/leaks cover the types that contain
// one.
func TestBoxShowsNothing(t *testing.T) {
	box := hidden.New(content{"s3cr3t"})
	for _, x := range []any{box, &box, struct{ b hidden.Box[content] }{box}, []any{box}, map[string]any{"k": &box}} {
		var failed transcript
		assert.Equal(&failed, x, struct{}{})
		assert.Nil(&failed, x)
		shown := failed.String() + fmt.Sprintf("%v %+v %#v %s %d %x %p", x, x, x, x, x, x, x)
		encoded, err := json.Marshal(x)
		shown += string(encoded) + fmt.Sprint(err)
		assert.False(t, strings.Contains(shown, "s3cr3t"))
	}
}

// transcript records the messages of failing assertions.
type transcript struct{ strings.Builder }

func (t *transcript) Errorf(format string, args ...any) { fmt.Fprintf(t, format, args...) }
