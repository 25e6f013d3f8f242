package docgen_test

import (
	"bytes"
	"fmt"

	"github.com/workerenv/workerenv/internal/tools/docgen"
)

func ExampleNew() {
	a, b := docgen.New(1), docgen.New(1)
	fmt.Println(bytes.Equal(a.Typical(), b.Typical()))
	// Output:
	// true
}
