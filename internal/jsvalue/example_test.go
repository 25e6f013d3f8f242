package jsvalue_test

import (
	"fmt"
	"math"

	"github.com/workerenv/workerenv/internal/jsvalue"
)

func Example() {
	o := jsvalue.NewObject()
	o.Set("b", jsvalue.StringValue("text"))
	o.Set("10", jsvalue.NumberValue(1e21))
	o.Set("2", jsvalue.NumberValue(math.Inf(1)))
	o.Set("b", jsvalue.BoolValue(true)) // keeps its place
	fmt.Println(jsvalue.ObjectValue(o).JSON())
	// Output:
	// {"2":null,"10":1e+21,"b":true}
}
