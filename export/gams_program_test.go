package export_test

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// gamsProgram is what a scalar GAMS file says, read by as little of the language as the writer uses.
type gamsProgram struct {
	equations map[string]gamsEquation
	order     []string
	lo, up, l map[string]float64
	kind      map[string]string // Free, Positive, Integer, Binary, SOS1
	matched   map[string]string // variable, by equation
	bilevel   []string          // lines of the EMP file
	model     []string
	solve     string
}

type gamsEquation struct{ left, relation, right string }

var (
	gamsStatement = regexp.MustCompile(`^(?s)(\w+)\.\.(.*)(=[elgn]=)(.*)$`)
	gamsAttribute = regexp.MustCompile(`^(\w+)\.(lo|up|l|fx)(\('\d+'\))? = (.*)$`)
	gamsToken     = regexp.MustCompile(`\s*(\d[\d.]*(?:[eE][+-]?\d+)?|[A-Za-z]\w*|\*\*|.)`)
)

func parseGAMS(text string) (*gamsProgram, error) {
	p := &gamsProgram{equations: map[string]gamsEquation{}, lo: map[string]float64{}, up: map[string]float64{}, l: map[string]float64{}, kind: map[string]string{}, matched: map[string]string{}}
	if from := strings.Index(text, "$onecho"); from >= 0 {
		to := strings.Index(text, "$offecho")
		body := text[from:to]
		p.bilevel = strings.Split(strings.TrimSpace(body[strings.IndexByte(body, '\n'):]), "\n")
		text = text[:from] + text[to+len("$offecho"):]
	}
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if len(l) > 80000 {
			return nil, fmt.Errorf("a line of %d bytes", len(l))
		}
		if !strings.HasPrefix(l, "*") {
			lines = append(lines, l)
		}
	}
	for _, s := range strings.Split(strings.Join(lines, "\n"), ";") {
		s = strings.TrimSpace(s)
		word, rest, _ := strings.Cut(s, " ")
		switch {
		case s == "":
		case strings.HasPrefix(rest, "Variables ") || word == "Equations":
			names := strings.TrimPrefix(rest, "Variables ")
			for _, n := range strings.Split(names, ",") {
				n = strings.TrimSpace(n)
				n, _, _ = strings.Cut(n, "(")
				if _, twice := p.kind[strings.ToLower(n)]; twice || !regexp.MustCompile(`^[A-Za-z]\w{0,62}$`).MatchString(n) {
					return nil, fmt.Errorf("the name %q is taken or not legal", n)
				}
				p.kind[strings.ToLower(n)] = word
			}
		case word == "Set":
		case word == "Model":
			_, list, _ := strings.Cut(rest, "/")
			for _, n := range strings.Split(strings.TrimSuffix(strings.TrimSpace(list), "/"), ",") {
				equation, variable, _ := strings.Cut(strings.TrimSpace(n), ".")
				p.model = append(p.model, equation)
				if variable != "" {
					p.matched[equation] = variable
				}
			}
		case word == "Solve":
			p.solve = s
		case gamsStatement.MatchString(s):
			m := gamsStatement.FindStringSubmatch(s)
			p.equations[m[1]] = gamsEquation{m[2], m[3], m[4]}
			p.order = append(p.order, m[1])
		case gamsAttribute.MatchString(s):
			m := gamsAttribute.FindStringSubmatch(s)
			v, err := p.value(m[4], nil)
			if err != nil {
				return nil, err
			}
			switch m[2] {
			case "lo":
				p.lo[m[1]+m[3]] = v
			case "up":
				p.up[m[1]+m[3]] = v
			case "l":
				p.l[m[1]+m[3]] = v
			case "fx":
				p.lo[m[1]+m[3]], p.up[m[1]+m[3]] = v, v
			}
		default:
			return nil, fmt.Errorf("the statement %q", s)
		}
	}
	return p, nil
}

// value evaluates an expression.
func (p *gamsProgram) value(text string, vars map[string]float64) (v float64, err error) {
	e := &gamsEvaluation{vars: vars}
	for _, m := range gamsToken.FindAllStringSubmatch(strings.TrimSpace(text), -1) {
		e.tokens = append(e.tokens, m[1])
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%q: %v", text, r)
		}
	}()
	v = e.sum()
	if len(e.tokens) > 0 {
		panic("left over: " + strings.Join(e.tokens, " "))
	}
	return v, nil
}

type gamsEvaluation struct {
	tokens []string
	vars   map[string]float64
}

func (e *gamsEvaluation) peek() string {
	if len(e.tokens) == 0 {
		return ""
	}
	return e.tokens[0]
}

func (e *gamsEvaluation) next(want ...string) string {
	t := e.peek()
	if len(want) > 0 && t != want[0] {
		panic("found " + t + " instead of " + want[0])
	}
	if t != "" {
		e.tokens = e.tokens[1:]
	}
	return t
}

// sum reads [-] product {+|- product}: two signs in a row are a mistake in GAMS.
func (e *gamsEvaluation) sum() float64 {
	sign := 1.0
	if e.peek() == "-" {
		e.next()
		sign = -1
	}
	v := sign * e.product()
	for e.peek() == "+" || e.peek() == "-" {
		if e.next() == "+" {
			v += e.product()
		} else {
			v -= e.product()
		}
	}
	return v
}

func (e *gamsEvaluation) product() float64 {
	v := e.power()
	for e.peek() == "*" || e.peek() == "/" {
		if e.next() == "*" {
			v *= e.power()
		} else {
			v /= e.power()
		}
	}
	return v
}

func (e *gamsEvaluation) power() float64 {
	v := e.atom()
	if e.peek() == "**" {
		e.next()
		v = math.Pow(v, e.atom())
	}
	return v
}

func (e *gamsEvaluation) atom() float64 {
	t := e.next()
	if t == "(" {
		v := e.sum()
		e.next(")")
		return v
	}
	if v, err := strconv.ParseFloat(t, 64); err == nil {
		return v
	}
	if e.peek() != "(" || e.vars == nil {
		v, ok := e.vars[t]
		if !ok {
			panic("no variable " + t)
		}
		return v
	}
	e.next("(")
	var args []float64
	for {
		args = append(args, e.sum())
		if e.peek() != "," {
			break
		}
		e.next()
	}
	e.next(")")
	return gamsCall(t, args)
}

func gamsCall(name string, x []float64) float64 {
	truth := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	switch name {
	case "sqr":
		return x[0] * x[0]
	case "power":
		if x[1] != math.Trunc(x[1]) {
			panic("power with a broken exponent")
		}
		return math.Pow(x[0], x[1])
	case "abs":
		return math.Abs(x[0])
	case "exp":
		return math.Exp(x[0])
	case "log":
		return math.Log(x[0])
	case "sqrt":
		return math.Sqrt(x[0])
	case "sin":
		return math.Sin(x[0])
	case "cos":
		return math.Cos(x[0])
	case "tan":
		return math.Tan(x[0])
	case "tanh":
		return math.Tanh(x[0])
	case "sinh":
		return math.Sinh(x[0])
	case "cosh":
		return math.Cosh(x[0])
	case "arctan":
		return math.Atan(x[0])
	case "arctan2":
		return math.Atan2(x[0], x[1])
	case "arcsin":
		return math.Asin(x[0])
	case "arccos":
		return math.Acos(x[0])
	case "log10":
		return math.Log10(x[0])
	case "floor":
		return math.Floor(x[0])
	case "ceil":
		return math.Ceil(x[0])
	case "trunc":
		return math.Trunc(x[0])
	case "round":
		scale := 1.0
		if len(x) > 1 {
			scale = math.Pow(10, x[1])
		}
		return math.RoundToEven(x[0]*scale) / scale
	case "mod":
		return math.Mod(x[0], x[1])
	case "min", "max":
		v := x[0]
		for _, y := range x {
			if (y < v) == (name == "min") {
				v = y
			}
		}
		return v
	case "ifthen":
		if x[0] != 0 {
			return x[1]
		}
		return x[2]
	case "rel_lt":
		return truth(x[0] < x[1])
	case "rel_le":
		return truth(x[0] <= x[1])
	case "rel_eq":
		return truth(x[0] == x[1])
	case "rel_ne":
		return truth(x[0] != x[1])
	case "rel_ge":
		return truth(x[0] >= x[1])
	case "rel_gt":
		return truth(x[0] > x[1])
	case "bool_and":
		return truth(x[0] != 0 && x[1] != 0)
	case "bool_or":
		return truth(x[0] != 0 || x[1] != 0)
	case "bool_not":
		return truth(x[0] == 0)
	}
	panic("no function " + name)
}
