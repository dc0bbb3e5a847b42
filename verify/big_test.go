package verify_test
import ("testing";"time";"fmt";"github.com/gobilevel/bilevel/verify";"context")
func TestBig(t *testing.T) {
	for _, n := range []int{20, 60, 150, 250, 1000} {
		m, left, right := wells(n)
		for _, x := range [][]float64{fill(n, left), fill(n, right), fill(n,0.3)} {
		t0 := time.Now()
		opt:=smoothOptions(t)
		opt.TimeLimit = 3*time.Second
		c, err := verify.Check(context.Background(), m, x, opt)
		if err != nil { t.Fatal(err) }
		fmt.Println(n, time.Since(t0), c.Verified, c.Evidence, c.Followers[0].Sentence)
		}
	}
}
