package mpsaux

import (
	"cmp"
	"math"
	"slices"
)

// term is an entry of a matrix Q, with i <= j; upper says that it stood as (i, j), not as (j, i).
type term struct {
	i, j  int32
	upper bool
	line  int
	v     float64
}

// objectiveTerms stands for the objective where a row is named.
const objectiveTerms = -1

// startMatrix finds the row that a matrix belongs to: the objective, or the one that QCMATRIX or QSECTION names.
func (r *reader) startMatrix(k section) error {
	r.termsOf = objectiveTerms
	word := r.field[0]
	if r.n == 2 {
		word = r.field[1]
		switch i := r.p.rows.find(word); {
		case i >= 0 && i == r.p.objective && k == qcMatrixSection:
			return r.fail(word, "write QMATRIX, which is ½x'Qx, or QUADOBJ, one triangle of it", "QCMATRIX of the objective "+shown(word))
		case i >= 0 && i != r.p.objective:
			r.termsOf = int32(i)
		case i < 0 && (k == qcMatrixSection || lower(word) != "obj" && lower(word) != "objective"):
			return r.unknownRow(word)
		}
	} else if k == qcMatrixSection {
		return r.fail(word, "name the row on the same line", "QCMATRIX of no row")
	}
	curved := &r.curved
	if r.termsOf >= 0 {
		curved = &r.p.row[r.termsOf].curved
	} else if r.p.objective < 0 {
		return r.fail(word, "declare a row of type N", "quadratic terms of an objective that is not there")
	}
	if *curved {
		return r.fail(word, "put all terms into one section", "a second section with quadratic terms of the same function")
	}
	*curved = true
	return nil
}

// aTerm is a line of a matrix: a column and one or two pairs of a column and a number.
func (r *reader) aTerm() error {
	if r.n != 3 && r.n != 5 {
		return r.fail(nil, "write two columns and a number; names are "+noBlanks, "a line of a matrix with "+words(r.n))
	}
	i := r.p.cols.find(r.field[0])
	if i < 0 {
		return r.unknownColumn(r.field[0])
	}
	for k := 1; k < r.n; k += 2 {
		j := r.p.cols.find(r.field[k])
		if j < 0 {
			return r.unknownColumn(r.field[k])
		}
		v, ok := parseNumber(r.field[k+1])
		if !ok {
			return r.noNumber(r.field[k+1])
		}
		if math.IsInf(v, 0) {
			return r.tooLarge(r.field[k+1])
		}
		r.terms = push(r.terms, term{int32(min(i, j)), int32(max(i, j)), i <= j, r.line, v})
	}
	return nil
}

// leave ends a section.
func (r *reader) leave() error {
	if r.in == columnsSection {
		return r.endColumns()
	}
	return r.endMatrix()
}

// endMatrix brings the terms of a matrix to the form coef x_i x_j.
func (r *reader) endMatrix() error {
	both := r.in == qMatrixSection || r.in == qcMatrixSection
	if len(r.terms) == 0 {
		return nil
	}
	t := r.terms
	slices.SortStableFunc(t, func(a, b term) int { return cmp.Or(cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j)) })
	for k := 0; k < len(t); {
		a := t[k]
		n := 1
		for k+n < len(t) && t[k+n].i == a.i && t[k+n].j == a.j {
			n++
		}
		if err := r.triangle(t[k:k+n], both); err != nil {
			return err
		}
		coef := a.v // of ½x'Qx: half of v for each triangle
		switch {
		case r.in == qcMatrixSection && a.i != a.j:
			coef = 2 * a.v
		case r.in != qcMatrixSection && a.i == a.j:
			coef = a.v / 2
		}
		if math.IsInf(coef, 0) {
			return r.at(a.line, nil, "scale the constraint", "a coefficient that is too large")
		}
		if coef != 0 {
			r.p.quad = push(r.p.quad, quadratic{r.termsOf, a.i, a.j, coef})
		}
		k += n
	}
	r.terms = t[:0]
	return nil
}

// triangle checks that what a matrix says of x_i x_j, one or two entries of it, is what the section holds.
func (r *reader) triangle(t []term, both bool) error {
	a := t[0]
	x, y := r.p.cols.name[a.i], r.p.cols.name[a.j]
	pair := shown(x) + " and " + shown(y)
	want := 1
	if both && a.i != a.j {
		want = 2
	}
	switch {
	case len(t) > want && !both && a.i != a.j && t[0].upper != t[1].upper:
		return r.at(t[1].line, y, "this section holds one triangle; write QMATRIX for both", "both entries of "+pair)
	case len(t) > want || want == 2 && len(t) == 2 && t[0].upper == t[1].upper:
		return r.at(t[len(t)-1].line, y, "add them up, or delete one", "a second entry of "+pair)
	case len(t) < want:
		return r.at(a.line, y, "this section holds both triangles; write the other entry, too (of the objective, QUADOBJ holds one)", "one entry only of "+pair)
	case want == 2 && t[0].v != t[1].v:
		return r.at(t[1].line, y, "write half of their sum for both", "the two entries of "+pair+" differ")
	}
	return nil
}

// at is an error on a line above.
func (r *reader) at(line int, word []byte, remedy, reason string) error {
	return &Error{File: r.file, Line: line, Token: string(word), Reason: reason, Remedy: remedy}
}
