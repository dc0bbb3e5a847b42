package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/reform"
)

// relaxation is the bound of the product of a pair's members.
const relaxation = 1e-3

// problem is a relaxed model, as a program and as a file.
type problem struct {
	id       string
	model    *model.Model
	program  *smooth.Compiled
	nonzeros int // of the Jacobian and of the lower triangle of the Hessian
	file     []byte
}

// problems reads the collection and relaxes the models asked for, or the largest ones.
func problems(s settings) ([]*problem, error) {
	dir, ok := dataset.Find("macmpec")
	if !ok {
		return nil, errors.New("the MacMPEC collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		return nil, err
	}
	var list []struct {
		ID, Mod string
		Dat     *string
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, err
	}
	ids := split(s.ids)
	var out []*problem
	for _, e := range list {
		if len(ids) > 0 && !slices.Contains(ids, e.ID) {
			continue
		}
		var data []string
		if e.Dat != nil && *e.Dat != "" {
			data = append(data, filepath.Join(dir, *e.Dat))
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Mod), data...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.ID, err)
		}
		p, err := relaxed(e.ID, m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.ID, err)
		}
		out = append(out, p)
	}
	if len(ids) > 0 && len(out) < len(ids) {
		return nil, fmt.Errorf("the collection has %d of the %d models asked for", len(out), len(ids))
	}
	slices.SortStableFunc(out, func(a, b *problem) int { return cmp.Compare(b.nonzeros, a.nonzeros) })
	if len(ids) == 0 {
		out = out[:min(s.models, len(out))]
	}
	for _, p := range out {
		var b bytes.Buffer
		if err := export.WriteNL(&b, p.model); err != nil {
			return nil, fmt.Errorf("%s: %w", p.id, err)
		}
		p.file = b.Bytes()
	}
	return out, nil
}

// relaxed replaces the pairs of a model by bounds of the products of their members.
func relaxed(id string, m *model.Model) (*problem, error) {
	d := m.Derive()
	if m.Constructs().Has(model.MixedPairs) {
		r, err := reform.Normalise{}.Apply(context.Background(), m)
		if err != nil {
			return nil, err
		}
		d = r.Model.Derive()
	}
	for k := range d.NumPairs() {
		pair := d.Pair(k)
		product := d.Accumulator()
		product.AddMul(1, d.MemberFunction(pair.A), d.MemberFunction(pair.B))
		d.AddRow(0, d.FreshBase("product_of_"+d.PairName(k)), product.Function(), -model.Inf, relaxation)
	}
	d.RemovePairs(func(int) bool { return true })
	p, err := smooth.Compile(d)
	if err != nil {
		return nil, err
	}
	jac, _ := p.JacobianPattern()
	hess, _ := p.HessianPattern()
	return &problem{id: id, model: d, program: p, nonzeros: len(jac) + len(hess)}, nil
}
