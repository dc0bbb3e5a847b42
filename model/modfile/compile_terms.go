package modfile

import "github.com/gobilevel/bilevel/model"

// plainTerms are the terms of a sum that are a variable with numbers and strings for subscripts, with a number before it or not. Models
// that were printed consist of them, a million and more, so they are kept in a few bytes each and not as compiled expressions.
type plainTerms struct {
	coefs []float64
	syms  []*symbol
	keys  []element // the subscripts of all terms, one after another
	at    []pos
}

// plainTerm takes a term if it is plain.
func (c *compiler) plainTerm(t *plainTerms, n node, minus bool) bool {
	coef := 1.0
	if b, ok := n.(*binaryNode); ok && b.op == opMul {
		num, ok := b.x.(*numberNode)
		if !ok || num.v == 0 || num.v-num.v != 0 {
			return false
		}
		coef, n = num.v, b.y
	}
	r, ok := n.(*refNode)
	if !ok || r.suffix != "" || c.values || c.scope.find(r.name) != nil {
		return false
	}
	s := c.f.symbols[r.name]
	if s == nil || s.kind != declVar || s.defined || s.order >= c.order || c.f.arity(s) != len(r.subs) {
		return false
	}
	for _, sub := range r.subs {
		switch sub := sub.(type) {
		case *numberNode:
			if sub.v-sub.v != 0 {
				return false
			}
		case *stringNode:
		default:
			return false
		}
	}
	for _, sub := range r.subs {
		if num, ok := sub.(*numberNode); ok {
			t.keys = append(t.keys, c.f.elements.number(num.v))
		} else {
			t.keys = append(t.keys, c.f.elements.text(sub.(*stringNode).s))
		}
	}
	if minus {
		coef = -coef
	}
	t.coefs, t.syms, t.at = append(t.coefs, coef), append(t.syms, s), append(t.at, r.p)
	c.mentions = append(c.mentions, mention{s, r.p})
	return true
}

// add adds k times the terms.
func (t *plainTerms) add(in *instance, acc *model.Accumulator, k float64) {
	keys := t.keys
	in.charge(len(t.coefs))
	for i, s := range t.syms {
		v := &in.vars[s.id]
		n := v.dom.dim
		j := v.dom.find(keys[:n])
		if j < 0 {
			in.noMember(s, keys[:n], t.at[i], nil)
		}
		keys = keys[n:]
		acc.AddTerm(k*t.coefs[i], v.at(j))
	}
}
