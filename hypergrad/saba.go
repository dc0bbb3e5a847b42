package hypergrad

import "github.com/gobilevel/bilevel/hypergrad/matrix"

// SABA is SOBA with the variance reduction of SAGA: the terms of each batch at the point where it was last drawn are kept, and a direction is
//
//	D = new_i - kept_i + mean of all kept,
//
// so that constant steps converge. It keeps two follower vectors and one leader vector for each batch of f, and one each for each batch of F. They are zero at
// first, so that a run begins with the directions of SOBA (terms at a start that is far away would only add their noise until all are drawn again); where a
// check returns to an earlier point, a pass computes all of them there.
// Theory: constant steps, (N+M)^{2/3} ε⁻¹ samples. Source: Dagréou, Ablin, Vaiter and Moreau (2022).
type SABA struct{}

// Name is "saba".
func (SABA) Name() string                 { return "saba" }
func (SABA) exponents() (y, v, x float64) { return 0, 0, 0 }

// stepShare is less than that of methods whose steps fall: what is known of a term is old, and its error grows with the step.
func (SABA) stepShare() float64 { return 0.15 }

// sagaTable is a table of one row a batch with its weighted mean.
type sagaTable struct {
	width  int
	weight []float64 // share of a batch in the sum
	rows   []float64
	mean   []float64
}

func (r *sampledRun) sagaTable(name string, player, width int) *sagaTable {
	blocks := r.blocks[player]
	t := &sagaTable{width: width, rows: r.vector(name, width*len(blocks)), mean: r.vector(name+" mean", width), weight: make([]float64, len(blocks))}
	var total float64
	for _, b := range blocks {
		total += float64(len(b))
	}
	for i, b := range blocks {
		t.weight[i] = float64(len(b)) / total
	}
	return t
}

// set stores a row and adds it to the mean of a table that is being filled.
func (t *sagaTable) set(i int, row []float64) {
	copy(t.rows[i*t.width:], row)
	add(t.mean, t.weight[i], row)
}

// fetch asks memory for a row.
func (t *sagaTable) fetch(i int) { matrix.Fetch(t.rows[i*t.width : (i+1)*t.width]) }

// replace stores a row, turns it into the direction new - kept + mean, and corrects the mean. It is unbiased for batches drawn by their shares.
func (t *sagaTable) replace(i int, row []float64) {
	kept := t.rows[i*t.width : (i+1)*t.width]
	kept, mean := kept[:len(row)], t.mean[:len(row)]
	w := t.weight[i]
	for j, v := range row {
		d := v - kept[j]
		kept[j] = v
		row[j] = d + mean[j]
		mean[j] += w * d
	}
}

func (SABA) start(r *sampledRun) (func(), error) {
	n, m := r.o.n, r.o.m
	follower, leader := r.sagaTable("follower", 0, 2*m+n), r.sagaTable("leader", 1, m+n)
	a, b := make([]float64, 2*m+n), make([]float64, m+n)
	restart := r.number("restart", 0)
	terms := func(i int) { r.o.jointBatch(r.blocks[0][i], r.x, r.y, r.v, a[:m], a[m:2*m], a[2*m:]) }
	leaderTerms := func(i int) { r.o.leaderBatch(r.blocks[1][i], r.x, r.y, b[m:], b[:m]) }
	dv, dx := make([]float64, m), make([]float64, n)
	return func() {
		if *restart != 0 {
			*restart = 0
			clear(follower.mean)
			clear(leader.mean)
			for i := range r.blocks[0] {
				terms(i)
				follower.set(i, a)
			}
			for i := range r.blocks[1] {
				leaderTerms(i)
				leader.set(i, b)
			}
		}
		i, j := r.pair()
		if r.o.ahead != nil {
			follower.fetch(r.coming.i)
			leader.fetch(r.coming.j)
		}
		terms(i)
		leaderTerms(j)
		follower.replace(i, a)
		leader.replace(j, b)
		for k := range dv {
			dv[k] = a[m+k] - b[k]
		}
		for k := range dx {
			dx[k] = b[m+k] - a[2*m+k]
		}
		r.moveY(a[:m], r.blocks[0][i])
		r.moveV(dv)
		r.moveX(dx)
	}, nil
}
