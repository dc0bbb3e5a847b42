package mpsaux

import "bytes"

// section is a part of an MPS file.
type section uint8

const (
	noSection section = iota
	nameSection
	senseSection
	maxSection // OBJSENSEMAX: a sense in one word
	minSection
	objNameSection
	rowsSection
	columnsSection
	rhsSection
	rangesSection
	boundsSection
	quadObjSection
	qMatrixSection
	qSectionSection
	qcMatrixSection
	sosSection
	indicatorsSection
	endSection
	foreignSection // known from other programs, and not supported
)

// sectionOf finds a section by its keyword, in any case; "MAX" and "MIN" stand for a sense.
func sectionOf(word []byte) section {
	var space [16]byte
	if len(word) > len(space) {
		return noSection
	}
	up := space[:len(word)]
	for i, c := range word {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		up[i] = c
	}
	switch string(up) {
	case "NAME":
		return nameSection
	case "OBJSENSE", "OBJSENS":
		return senseSection
	case "OBJSENSEMAX", "MAX":
		return maxSection
	case "OBJSENSEMIN", "MIN":
		return minSection
	case "OBJNAME":
		return objNameSection
	case "ROWS":
		return rowsSection
	case "COLUMNS":
		return columnsSection
	case "RHS":
		return rhsSection
	case "RANGES":
		return rangesSection
	case "BOUNDS":
		return boundsSection
	case "QUADOBJ":
		return quadObjSection
	case "QMATRIX":
		return qMatrixSection
	case "QSECTION":
		return qSectionSection
	case "QCMATRIX":
		return qcMatrixSection
	case "SOS", "SOS1", "SOS2", "SETS":
		return sosSection
	case "INDICATORS":
		return indicatorsSection
	case "ENDATA":
		return endSection
	case "LAZYCONS", "USERCUTS", "DELAYEDROWS", "MODELCUTS", "GENCONS", "PWLOBJ", "PWLNAM", "PWLCON", "CSECTION", "SCENARIOS", "BRANCH":
		return foreignSection
	}
	return noSection
}

const sectionList = "the sections are NAME, OBJSENSE, OBJNAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS, QUADOBJ, QMATRIX, QSECTION, QCMATRIX, SOS, INDICATORS and ENDATA"

// header tells whether the current line starts a section, and which. A line that is not indented does if it starts with a keyword and has no
// more words than the section's own; other lines are data even if the writer did not indent them.
func (r *reader) header() (section, bool) {
	if r.indented {
		return noSection, false
	}
	k := sectionOf(r.field[0])
	most := 1
	switch k {
	case noSection:
		return k, r.n == 1 && r.in != objNameSection && r.in != senseSection && r.in != sosSection
	case nameSection:
		return k, !r.seen[rowsSection] || r.n == 1
	case senseSection, objNameSection, qSectionSection, qcMatrixSection:
		most = 2
	case foreignSection:
		most = 4
	}
	return k, r.n <= most
}

// enter starts a section.
func (r *reader) enter(k section) error {
	word := r.field[0]
	if err := r.leave(); err != nil {
		return err
	}
	switch k {
	case noSection:
		return r.fail(word, sectionList, shown(word)+" is no section of an MPS file")
	case foreignSection:
		return r.unsupported(word, "leave it out", "the section "+shown(word)+" is not supported")
	case nameSection:
		r.title()
		k = noSection
	case senseSection:
		if r.n == 2 {
			return r.sense(r.field[1], k)
		}
	case maxSection, minSection:
		r.p.maximise = k == maxSection
		k = noSection
	case objNameSection:
		if len(r.p.row) > 0 {
			return r.fail(word, "move it before ROWS", "OBJNAME after ROWS")
		}
		if r.n == 2 {
			r.objectiveName = r.field[1]
			k = noSection
		}
	case rowsSection, columnsSection:
		if r.seen[k] {
			return r.fail(word, "put its lines into the first one", "a second section "+shown(word))
		}
		if k == columnsSection && !r.seen[rowsSection] {
			return r.fail(word, "put ROWS first", "COLUMNS before ROWS")
		}
		if k == columnsSection {
			r.last = make([]int32, len(r.p.row))
			r.columnsPos, r.columnsLine = r.pos, r.line
			r.p.entry = make([]entry, 0, 2*r.linesTo("\nRHS")) // what is not used of it is never touched
		} else if n := r.linesTo("\nCOLUMNS"); n > 0 {
			r.p.rows.room(n)
			r.p.row = make([]row, 0, n)
		}
	case endSection:
	default:
		if !r.seen[columnsSection] {
			return r.fail(word, "put ROWS and COLUMNS first", shown(word)+" before COLUMNS")
		}
		if k >= quadObjSection && k <= qcMatrixSection {
			if err := r.startMatrix(k); err != nil {
				return err
			}
		}
	}
	r.in = k
	r.seen[k] = true
	return nil
}

// linesTo counts the lines up to one that starts with a word, 0 where there is none.
func (r *reader) linesTo(word string) int {
	rest := r.text[r.pos:]
	return bytes.Count(rest[:max(0, bytes.Index(rest, []byte(word)))], []byte{'\n'})
}

// title takes the name of the model from the line NAME. Some writers put the word FREE or FIXED after it, for COIN.
func (r *reader) title() {
	name := trim(r.text[r.from:r.to])[len("NAME"):]
	if last := r.field[min(r.n, maxFields)-1]; r.n > 2 && r.n <= maxFields && (string(last) == "FREE" || string(last) == "FIXED") {
		name = trim(name)
		name = name[:len(name)-len(last)]
	}
	r.p.name = string(trim(name))
}

// sense reads the direction of the objective.
func (r *reader) sense(word []byte, in section) error {
	switch lower(word) {
	case "max", "maximize", "maximise", "maximum":
		r.p.maximise = true
	case "min", "minimize", "minimise", "minimum":
		r.p.maximise = false
	default:
		return r.fail(word, "write MAX or MIN", shown(word)+" is no direction of an objective")
	}
	r.in = in
	return nil
}

func lower(word []byte) string {
	b := make([]byte, 0, 16)
	for _, c := range word[:min(len(word), 16)] {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}

// aRow is a line of ROWS.
func (r *reader) aRow() error {
	if r.n != 2 {
		return r.fail(nil, "write the type (N, E, L or G) and the name, "+noBlanks, "a line of ROWS with "+words(r.n))
	}
	kind, name := r.field[0], r.field[1]
	k := kind[0] &^ 0x20
	if len(kind) != 1 || k != 'N' && k != 'E' && k != 'L' && k != 'G' {
		return r.fail(kind, "write N, E, L or G", shown(kind)+" is no type of a row")
	}
	i, fresh := r.p.rows.add(name)
	if !fresh {
		return r.fail(name, "rename one of them", "a second row "+shown(name))
	}
	r.p.row = push(r.p.row, row{kind: k})
	if k == 'N' && (r.p.objective < 0 && r.objectiveName == nil || r.objectiveName != nil && string(r.objectiveName) == string(name)) {
		r.p.objective = i
	}
	return nil
}

const noBlanks = "without blanks unless the file keeps to the columns of the fixed layout"

func words(n int) string {
	if n == 1 {
		return "one word"
	}
	return itoa(n) + " words"
}
