package modfile_test

import (
	"fmt"
	"log"
	"os"

	"github.com/gobilevel/bilevel/model/modfile"
)

// A text is parsed once and instantiated for several values of its parameters.
func ExampleParse() {
	f, err := modfile.Parse("plant.mod", []byte(`
		param n default 2;
		var made {1..n} >= 0, <= 10;
		maximize F: sum {i in 1..n} made[i];`))
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range []float64{2, 3} {
		m, err := f.Instantiate(modfile.Options{Params: map[string]float64{"n": n}})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(m.NumVars(), m.VarName(m.NumVars()-1))
	}
	// Output:
	// 2 made[2]
	// 3 made[3]
}

// What is printed reads back to an equal model.
func ExamplePrint() {
	m, err := modfile.Read("roads.mod", []byte("param cap := 10; var t >= 0, <= cap; lower drivers; var x >= 0, <= 5; minimize cost: (t - 3) * x; upper; maximize revenue: t * x;"))
	if err != nil {
		log.Fatal(err)
	}
	if err := modfile.Print(os.Stdout, m); err != nil {
		log.Fatal(err)
	}
	// Output:
	// var t >= 0, <= 10;
	//
	// lower drivers;
	// var x >= 0, <= 5;
	//
	// upper;
	// maximize revenue: t*x;
	//
	// lower drivers;
	// minimize cost: -3*x + t*x;
}
