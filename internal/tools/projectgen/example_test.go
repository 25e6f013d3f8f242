package projectgen_test

import (
	"fmt"

	"github.com/workerenv/workerenv/internal/tools/projectgen"
)

func ExampleNew() {
	a, b := projectgen.New(1), projectgen.New(1)
	fmt.Println(a.Project().String() == b.Project().String())
	// Output:
	// true
}
