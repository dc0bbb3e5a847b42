package main

// generator feeds a bus. Buses are numbered from 1.
type generator struct {
	name           string
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

// fourteen is the system of ieee14.dat, where the source of the figures stands.
func fourteen() *system {
	return &system{
		demand: []float64{0, 21.7, 94.2, 47.8, 7.6, 11.2, 0, 0, 29.5, 9, 3.5, 6.1, 13.5, 14.9},
		generators: []generator{
			{"g1", 1, 332.4, 34.3},
			{"g2", 2, 140, 55},
			{"g3", 3, 100, 41},
			{"g6", 6, 100, 41},
			{"g8", 8, 100, 41},
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

// twentyFour is the system of rts24.dat, where the source of the figures stands.
func twentyFour() *system {
	return &system{
		demand: []float64{108, 97, 180, 74, 71, 136, 125, 171, 175, 195, 0, 0, 265, 194, 317, 100, 0, 333, 181, 128, 0, 0, 0, 0},
		generators: []generator{
			{"u20_1", 1, 40, 130},
			{"u76_1", 1, 152, 17.2},
			{"u20_2", 2, 40, 130},
			{"u76_2", 2, 152, 17.2},
			{"u100_7", 7, 300, 48.9},
			{"u197_13", 13, 591, 50},
			{"u12_15", 15, 60, 60.5},
			{"u155_15", 15, 155, 13.7},
			{"u155_16", 16, 155, 13.7},
			{"u400_18", 18, 400, 4.5},
			{"u400_21", 21, 400, 4.5},
			{"u50_22", 22, 300, 0},
			{"u155_23", 23, 310, 13.7},
			{"u350_23", 23, 350, 13.6},
		},
		branches: []branch{
			{1, 2, 0.0139, 122.5}, {1, 3, 0.2112, 122.5}, {1, 5, 0.0845, 122.5},
			{2, 4, 0.1267, 122.5}, {2, 6, 0.192, 122.5},
			{3, 9, 0.119, 122.5}, {3, 24, 0.0839, 280},
			{4, 9, 0.1037, 122.5},
			{5, 10, 0.0883, 122.5},
			{6, 10, 0.0605, 122.5},
			{7, 8, 0.0614, 122.5},
			{8, 9, 0.1651, 122.5}, {8, 10, 0.1651, 122.5},
			{9, 11, 0.0839, 280}, {9, 12, 0.0839, 280},
			{10, 11, 0.0839, 280}, {10, 12, 0.0839, 280},
			{11, 13, 0.0476, 350}, {11, 14, 0.0418, 350},
			{12, 13, 0.0476, 350}, {12, 23, 0.0966, 350},
			{13, 23, 0.0865, 350},
			{14, 16, 0.0389, 350},
			{15, 16, 0.0173, 350}, {15, 21, 0.0245, 700}, {15, 24, 0.0519, 350},
			{16, 17, 0.0259, 350}, {16, 19, 0.0231, 350},
			{17, 18, 0.0144, 350}, {17, 22, 0.1053, 350},
			{18, 21, 0.01295, 700},
			{19, 20, 0.0198, 700},
			{20, 23, 0.0108, 700},
			{21, 22, 0.0678, 350},
		},
		own:     []int{4, 6, 12},
		ceiling: 150,
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
