package export

import (
	"bufio"
	"io"
	"strconv"
)

// nlNames are the names of a laid-out model, by index in the model.
type nlNames struct{ vars, rows []string }

// newNLNames makes names distinct and keeps each on one line. The last constraint's name is that of the objective.
func newNLNames(p *nlProblem) *nlNames {
	distinct := func(n int, name func(i int) string) []string {
		taken := make(map[string]bool, n)
		out := make([]string, n)
		for i := range out {
			s := printable(name(i))
			if s == "" {
				s = "_"
			}
			stem := s
			for k := 2; taken[s]; k++ {
				s = stem + "~" + strconv.Itoa(k)
			}
			taken[s] = true
			out[i] = s
		}
		return out
	}
	rows := p.m.NumRows()
	return &nlNames{
		vars: distinct(p.m.NumVars(), p.m.VarName),
		rows: distinct(rows+1, func(r int) string {
			if r < rows {
				return p.m.RowName(r)
			}
			if name := p.m.Leader().Objective().Name; name != "" {
				return name
			}
			return "obj"
		}),
	}
}

// colNames are the names of the variables in the file's order.
func (p *nlProblem) colNames() []string {
	out := make([]string, len(p.vars))
	for at, j := range p.vars {
		out[at] = p.names.vars[j]
	}
	return out
}

// rowNames are the names of the constraints in the file's order, then that of the objective.
func (p *nlProblem) rowNames() []string {
	out := make([]string, 0, len(p.rows)+1)
	for _, r := range p.rows {
		out = append(out, p.names.rows[r])
	}
	return append(out, p.names.rows[len(p.rows)])
}

func longest(names []string) int {
	n := 0
	for _, s := range names {
		n = max(n, len(s))
	}
	return n
}

func writeLines(w io.Writer, lines []string) error {
	b := bufio.NewWriter(w)
	for _, s := range lines {
		b.WriteString(s)
		b.WriteByte('\n')
	}
	return b.Flush()
}
