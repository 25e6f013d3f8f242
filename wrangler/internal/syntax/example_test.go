package syntax_test

import (
	"fmt"

	"github.com/workerenv/workerenv/wrangler/internal/syntax"
)

func ExampleParse() {
	v, err := syntax.Parse([]byte(`{"vars": {"B": 1.0, "A": "x",}, /* twice */ "vars": {"C": -0}}`), syntax.JSONC)
	fmt.Println(v.JSON(), err)
	_, err = syntax.Parse([]byte("[vars]\nA = hunter2\n"), syntax.TOML)
	fmt.Println(err)
	// Output:
	// {"vars":{"C":0}} <nil>
	// 2:5: invalid TOML: expected a value; strings need quotes
}
