package reform

import "github.com/gobilevel/bilevel/model"

// Lifter is implemented by a Recovery that can also go the other way: it maps a point of the model before the pass to a point of the
// model after it, from the values of the variables and, for followers, their duals. It gives solvers points to start from.
type Lifter interface {
	Lift(p *model.Point) (*model.Point, error)
}

// maps is a Recovery made of two functions; lift may be nil.
type maps struct {
	recover, lift func(p *model.Point) (*model.Point, error)
}

func (f maps) Recover(p *model.Point) (*model.Point, error) { return f.recover(p) }

func (f maps) Lift(p *model.Point) (*model.Point, error) {
	if f.lift == nil {
		return nil, errNoLift
	}
	return f.lift(p)
}
