package learning

import "fmt"

// GroupsOf are consecutive groups of features of the given sizes, for Data.Groups; a single size stands for as many groups of it as it takes. It fails with
// an *OptionError where the sizes do not add up to n.
func GroupsOf(n int, sizes ...int) ([][]int, error) {
	if len(sizes) == 1 && sizes[0] > 0 && n%sizes[0] == 0 {
		for len(sizes)*sizes[0] < n {
			sizes = append(sizes, sizes[0])
		}
	}
	var groups [][]int
	at := 0
	for _, s := range sizes {
		if s < 1 || s > n-at {
			return nil, &OptionError{"groups", fmt.Sprintf("sizes %v do not fit %d features", sizes, n), "give sizes of at least 1 that add up to the number of features, or one that divides it"}
		}
		q := make([]int, s)
		for i := range q {
			q[i] = at + i
		}
		groups = append(groups, q)
		at += s
	}
	if at != n {
		return nil, &OptionError{"groups", fmt.Sprintf("sizes %v add up to %d of %d features", sizes, at, n), "give each feature to a group"}
	}
	return groups, nil
}

// groups are those of the data, or each feature by itself.
func (d *Data) groups() [][]int {
	if d.Groups != nil {
		return d.Groups
	}
	all := make([][]int, d.Width())
	for k := range all {
		all[k] = []int{k}
	}
	return all
}

// units is the number of hyperparameters that a task can have for single features or groups.
func (d *Data) units(task Task) int {
	if task == GroupLasso {
		return len(d.groups())
	}
	return d.Width()
}

// checkGroups says whether the groups are a partition of the features.
func (d *Data) checkGroups() error {
	if d.Groups == nil {
		return nil
	}
	seen, count := make([]bool, d.Width()), 0
	for g, q := range d.Groups {
		for _, k := range q {
			if k < 0 || k >= d.Width() || seen[k] {
				return &DataError{File: d.Name, Problem: fmt.Sprintf("feature %d in group %d is out of range or stands twice", k, g+1), Remedy: "give each feature from 0 to n-1 to one group"}
			}
			seen[k] = true
			count++
		}
		if len(q) == 0 {
			return &DataError{File: d.Name, Problem: fmt.Sprintf("group %d is empty", g+1), Remedy: "leave it out"}
		}
	}
	if count != d.Width() {
		return &DataError{File: d.Name, Problem: fmt.Sprintf("%d of %d features are in groups", count, d.Width()), Remedy: "give each feature to one group"}
	}
	return nil
}
