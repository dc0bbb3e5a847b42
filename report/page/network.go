package page

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// Network is a directed network with what goes over its links.
type Network struct {
	Flow, Price string // names of the families of variables; Price is "" where no link has one
	Nodes       []string
	Links       []Link
}

// Link goes from a node to another, by their numbers in Network.Nodes. Price is NaN where the leader sets none on it.
type Link struct {
	From, To    int
	Flow, Price float64
}

// NetworkError says why a family of variables is no flow on a network.
type NetworkError struct{ Family, Reason string }

func (e *NetworkError) Error() string {
	return fmt.Sprintf("network %s: %s; name a family of variables whose last two subscripts are the ends of a link, flow[i,j] or flow[o,i,j], or none", e.Family, e.Reason)
}

// mostLinks is how many links a drawing has at most.
const mostLinks = 5000

// FindNetwork reads a network out of the point x of m. With a name, the flow is the family of variables of that name: its last two subscripts
// are the ends of a link, and values that differ in the other subscripts only are added up. Without a name it is the first family of a follower
// for which that is plain: it has two subscripts at least, every link joins two different nodes, most nodes have links that arrive and links that
// leave, and not all pairs of nodes are links. There may be none: then the answer is nil. Prices are the leader's family, if there is one, whose two
// subscripts are links of the network. Errors are of type *NetworkError.
func FindNetwork(m *model.Model, x []float64, name string) (*Network, error) {
	families := linkFamilies(m)
	for _, f := range families {
		if name != "" && f.name != name {
			continue
		}
		reason := f.unlikely()
		if name == "" && (f.owner == 0 || reason != "") {
			continue
		}
		if f.broken != "" {
			return nil, &NetworkError{name, f.broken}
		}
		n := f.network(x)
		n.addPrices(families, x)
		return n, nil
	}
	if name == "" {
		return nil, nil
	}
	for j := range m.NumVars() {
		if m.VarBase(j) == name {
			return nil, &NetworkError{name, "its variables have fewer than two subscripts"}
		}
	}
	return nil, &NetworkError{name, "the model has no such variables"}
}

// linkFamily is the variables of one name with two subscripts at least, as links.
type linkFamily struct {
	name   string
	owner  int
	places int // subscripts
	vars   []int
	ends   [][2]string // of each variable
	broken string      // why they are no links
}

func linkFamilies(m *model.Model) []*linkFamily {
	var out []*linkFamily
	byName := map[string]*linkFamily{}
	for j := range m.NumVars() {
		if _, dual := m.DualOf(j); dual {
			continue
		}
		sub := subscripts(m.VarSub(j))
		if len(sub) < 2 {
			continue
		}
		base := m.VarBase(j)
		f := byName[base]
		if f == nil {
			f = &linkFamily{name: base, owner: m.VarOwner(j), places: len(sub)}
			byName[base] = f
			out = append(out, f)
		}
		if len(sub) != f.places {
			f.broken = "its variables have different numbers of subscripts"
		}
		f.vars = append(f.vars, j)
		f.ends = append(f.ends, [2]string{sub[len(sub)-2], sub[len(sub)-1]})
	}
	return out
}

// unlikely says why a family is not plainly a flow; "" where it is.
func (f *linkFamily) unlikely() string {
	if f.broken != "" {
		return f.broken
	}
	links := map[[2]string]bool{}
	role := map[string]int{}
	for _, e := range f.ends {
		if e[0] == e[1] {
			return "a link joins a node to itself"
		}
		links[e] = true
		role[e[0]] |= 1
		role[e[1]] |= 2
	}
	both := 0
	for _, r := range role {
		if r == 3 {
			both++
		}
	}
	switch n := len(role); {
	case n < 3:
		return "there are fewer than three nodes"
	case 2*both < n:
		return "most nodes have only links that leave or only links that arrive"
	case len(links) == n*(n-1):
		return "all pairs of nodes are links"
	case len(links) > mostLinks:
		return "there are more than " + strconv.Itoa(mostLinks) + " links"
	}
	return ""
}

// network adds the flows up by link. Nodes and links stand in the order in which they occur first, nodes with whole numbers by these.
func (f *linkFamily) network(x []float64) *Network {
	n := &Network{Flow: f.name}
	for _, e := range f.ends {
		n.Nodes = append(n.Nodes, e[0], e[1])
	}
	seen := map[string]bool{}
	n.Nodes = slices.DeleteFunc(n.Nodes, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
	whole := true
	for _, s := range n.Nodes {
		_, err := strconv.Atoi(s)
		whole = whole && err == nil
	}
	if whole {
		slices.SortFunc(n.Nodes, func(a, b string) int {
			i, _ := strconv.Atoi(a)
			j, _ := strconv.Atoi(b)
			return i - j
		})
	}
	number := map[string]int{}
	for k, s := range n.Nodes {
		number[s] = k
	}
	at := map[[2]string]int{}
	for k, e := range f.ends {
		i, ok := at[e]
		if !ok {
			i = len(n.Links)
			at[e] = i
			n.Links = append(n.Links, Link{From: number[e[0]], To: number[e[1]], Price: math.NaN()})
		}
		n.Links[i].Flow += x[f.vars[k]]
	}
	return n
}

// addPrices gives links the values of the leader's family that has a subscript for each end and no other.
func (n *Network) addPrices(families []*linkFamily, x []float64) {
	at := map[[2]string]int{}
	for k, l := range n.Links {
		at[[2]string{n.Nodes[l.From], n.Nodes[l.To]}] = k
	}
	for _, f := range families {
		if f.owner != 0 || f.places != 2 || f.broken != "" || f.name == n.Flow {
			continue
		}
		if slices.ContainsFunc(f.ends, func(e [2]string) bool { _, on := at[e]; return !on }) {
			continue
		}
		n.Price = f.name
		for k, e := range f.ends {
			n.Links[at[e]].Price = x[f.vars[k]]
		}
		return
	}
}

// subscripts takes a subscript apart at its commas, and drops quotes.
func subscripts(sub string) []string {
	if sub == "" {
		return nil
	}
	var out []string
	var quote rune
	var b strings.Builder
	for _, c := range sub {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && c == ',':
			out = append(out, strings.TrimSpace(b.String()))
			b.Reset()
		default:
			b.WriteRune(c)
		}
	}
	return append(out, strings.TrimSpace(b.String()))
}
