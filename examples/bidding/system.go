package main

// generator feeds a bus; there is at most one at a bus. Buses are numbered from 1.
type generator struct {
	bus            int
	capacity, cost float64 // MW; money per MWh
}

// branch is a line or a transformer.
type branch struct {
	from, to         int
	reactance, limit float64 // per unit; MW
}

// system is a transmission network, who wants power and who has it.
type system struct {
	demand     []float64 // MW, one for each bus
	generators []generator
	branches   []branch
	own        []int   // places in generators of those of the leader, ascending
	ceiling    float64 // the highest bid that is allowed
}

// base is the power in MVA to which the reactances refer.
const base = 100

// fourteen is the system of bidding.dat, where the source of the figures stands.
func fourteen() *system {
	return &system{
		demand: []float64{0, 21.7, 94.2, 47.8, 7.6, 11.2, 0, 0, 29.5, 9, 3.5, 6.1, 13.5, 14.9},
		generators: []generator{
			{1, 332.4, 34.3},
			{2, 140, 55},
			{3, 100, 41},
			{6, 100, 41},
			{8, 100, 41},
		},
		branches: []branch{
			{1, 2, 0.05917, 100}, {1, 5, 0.22304, 50},
			{2, 3, 0.19797, 40}, {2, 4, 0.17632, 60}, {2, 5, 0.17388, 60},
			{3, 4, 0.17103, 40},
			{4, 5, 0.04211, 60}, {4, 7, 0.20912, 40}, {4, 9, 0.55618, 30},
			{5, 6, 0.25202, 30},
			{6, 11, 0.1989, 30}, {6, 12, 0.25581, 30}, {6, 13, 0.13027, 30},
			{7, 8, 0.17615, 100}, {7, 9, 0.11001, 60},
			{9, 10, 0.0845, 30}, {9, 14, 0.27038, 30},
			{10, 11, 0.19207, 30},
			{12, 13, 0.19988, 30},
			{13, 14, 0.34802, 30},
		},
		own:     []int{2, 3}, // at buses 3 and 6
		ceiling: 80,
	}
}

// owned reports whether generator g is the leader's.
func (s *system) owned(g int) bool {
	for _, k := range s.own {
		if k == g {
			return true
		}
	}
	return false
}
