package mpsaux

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }

// aMember is a line of SOS or SETS: the head of a set, or a member of the last one.
//
//	head     S1 | S1 name | S1 name priority | S1 SOS name | S1 SOS name priority
//	member   column | column weight | SOS column weight | name column weight
func (r *reader) aMember() error {
	if k := r.field[0]; len(k) == 2 && k[0]&^0x20 == 'S' && k[1] >= '0' && k[1] <= '9' && (r.fixedHead() || r.p.cols.find(k) < 0) {
		return r.startSet()
	}
	if !r.openSet {
		return r.fail(r.field[0], "start it by a line S1 and the name of the set", shown(r.field[0])+" belongs to no set")
	}
	name, weight := r.field[0], []byte(nil)
	switch r.n {
	case 1:
	case 2:
		weight = r.field[1]
		if r.p.cols.find(name) < 0 && r.p.cols.find(weight) >= 0 {
			name, weight = weight, nil
		}
	case 3:
		name, weight = r.field[1], r.field[2]
	default:
		return r.fail(nil, "write a column and its weight; names are "+noBlanks, "a member of a set with "+words(r.n))
	}
	j := r.p.cols.find(name)
	if j < 0 {
		return r.unknownColumn(name)
	}
	s := &r.p.sets[len(r.p.sets)-1]
	w := float64(len(s.vars) + 1)
	if weight != nil {
		var ok bool
		if w, ok = parseNumber(weight); !ok {
			return r.noNumber(weight)
		}
		if w-w != 0 {
			return r.tooLarge(weight)
		}
	}
	if r.inSet == nil {
		r.inSet = make([]int32, len(r.p.cols.name))
	}
	if r.inSet[j] == int32(len(r.p.sets)) {
		return r.fail(name, "delete one", "column "+shown(name)+" stands twice in the set "+shown(s.name))
	}
	r.inSet[j] = int32(len(r.p.sets))
	s.vars, s.weights = append(s.vars, int32(j)), append(s.weights, w)
	return nil
}

// fixedHead reports whether the first field stands where the fixed layout has types, not names.
func (r *reader) fixedHead() bool { return r.fixed && r.text[r.from+1] > ' ' }

func (r *reader) startSet() error {
	kind := r.field[0]
	if kind[1] != '1' {
		return r.unsupported(kind, "state it by binary variables", "a set of type "+shown(kind)+", which is not S1")
	}
	var name []byte
	switch r.n {
	case 1:
		name = []byte("set" + itoa(len(r.p.sets)+1))
	case 2:
		name = r.field[1]
	case 3:
		name = r.field[1]
		if _, priority := parseNumber(r.field[2]); !priority {
			name = r.field[2]
		}
	case 4:
		name = r.field[2]
		if _, priority := parseNumber(r.field[3]); !priority {
			return r.noNumber(r.field[3])
		}
	default:
		return r.fail(nil, "write S1 and a name", "the head of a set with "+words(r.n))
	}
	r.p.sets = push(r.p.sets, set{name: name})
	r.openSet = true
	return nil
}

// aCondition is a line of INDICATORS: IF row column value.
func (r *reader) aCondition() error {
	if r.n != 4 || lower(r.field[0]) != "if" {
		return r.fail(r.field[0], "write IF, a row, a column and 0 or 1; names are "+noBlanks, "a line of INDICATORS that is none")
	}
	i := r.p.rows.find(r.field[1])
	if i < 0 {
		return r.unknownRow(r.field[1])
	}
	if i == r.p.objective {
		return r.fail(r.field[1], "name another row", "a condition on the objective "+shown(r.field[1]))
	}
	j := r.p.cols.find(r.field[2])
	if j < 0 {
		return r.unknownColumn(r.field[2])
	}
	v, ok := parseNumber(r.field[3])
	if !ok || v != 0 && v != 1 {
		return r.fail(r.field[3], "write 0 or 1", shown(r.field[3])+" is no value of a binary column")
	}
	w := &r.p.row[i]
	if w.conditional {
		return r.fail(r.field[1], "write the row once for each", "a second condition on row "+shown(r.field[1]))
	}
	w.conditional = true
	r.p.ifs = push(r.p.ifs, condition{i, j, v == 1, r.line})
	return nil
}
