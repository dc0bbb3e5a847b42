package hypergrad

// Methods are the sampled methods with their default parameters.
func Methods() []Method {
	return []Method{BSA{}, TTSA{}, StocBiO{}, AmIGO{}, SOBA{}, SABA{}, SRBA{}, SUSTAIN{}, MRBO{}, VRBO{}, FSLA{}, STABLE{}, ALSET{}, F2SA{}, BOME{}, Penalty{}}
}

// ParseMethod is the sampled method of a name.
func ParseMethod(name string) (Method, error) {
	var names []string
	for _, m := range Methods() {
		if m.Name() == name {
			return m, nil
		}
		names = append(names, m.Name())
	}
	return nil, badOption("no method is called %q; the methods are %v", name, names)
}
