package learning

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// MethodNames are the ways to search for hyperparameters: exact paths or hypergradients with active sets, a grid, random points, and, for SVC, the
// difference-of-convex method on the value function, which chooses a radius in the place of C, and a smoothing Newton method; for all support vector
// machines, the relaxation of the optimality conditions.
var MethodNames = []string{"bilevel", "grid", "random", "dca", "smoothing", "relaxation"}

// Options are the settings of Tune. The zero value of each field is its default.
type Options struct {
	Methods    []string // run one after the other, see MethodNames; default: bilevel alone
	Loss       Loss     // the leader's; see DefaultLoss
	Choice     Choice   // among points by misclassification
	Repeats    int      // partitions in folds that Steady looks at; default 3, fewer for large data
	PerFeature bool     // a bound on each weight (SVC, SVR), or a penalty for each (Ridge, Logistic) or for each group (GroupLasso)
	Range      Ranges
	Scaling    Scaling // of the features, read from the training samples
	Folds      int     // T; default 3
	TestShare  float64 // share of the samples kept apart as the test set, in [0, 1); default 0: none
	Seed       uint64  // of the split, the folds and the random points
	Points     int     // values of each hyperparameter on the grid, and on the bilevel method's first look; default 9
	Random     int     // random points; default: as many as the grid has
	Starts     int     // descents of the bilevel method; default 3
	Iterations int     // most steps of each descent; default 40
	// EqualTime gives all methods the same time: TimeLimit, or what the first of Methods has used. Grid and random points go on until then (the grid with
	// halved distances), and what takes longer is stopped. What is found then depends on the machine.
	EqualTime  bool
	TimeLimit  time.Duration     // of each method; at least one point is evaluated. Default 0: none
	DCA        DCAOptions        // of the method dca
	Relaxation RelaxationOptions // of the method relaxation
	Events     func(Event)       // receives every evaluation and hypergradient; nil: none
	// Save gets the state of the run at the start, at the ends of methods, when the context ends, and between evaluations once in SaveEvery (default
	// 10 s, or 20 times what a save takes if that is longer); its error ends the run. Resume is a state to continue.
	Save      func(*State) error
	SaveEvery time.Duration
	Resume    *State
}

// Choice is how the bilevel method chooses among points by misclassification, a number that changes in steps of one sample and whose least value is often
// taken on a short stretch that it owes to single samples.
type Choice uint8

const (
	// Steady takes, among all C whose misclassification is no more than the least on the grid of Points values, the least product of the square of the
	// misclassification with the hinge loss, both averaged over Repeats partitions of the same samples in folds, and the first also over a window of C with
	// half a decade's deviation; or the best point of that grid, if it has less hinge loss in the own folds. With bounds on weights a descent sets out from there,
	// and is followed as far as nested cross-validation over Repeats partitions says: as many bounds as features, fitted to the end, fit the validation folds at the
	// expense of other samples. Data too large for paths are chosen as by Least.
	Steady Choice = iota
	// Least takes the least misclassification, and of that the least hinge loss; with bounds on weights it descends to the end.
	Least
)

// ChoiceNames are the words for the choices, in their order.
var ChoiceNames = []string{"steady", "least"}

// Run is the outcome of one method.
type Run struct {
	Method      string
	Hyper       Hyper   // the best hyperparameters, as trained on T-1 folds
	CV          float64 // their average validation loss: the leader's objective
	Exhausted   bool    // whether the whole range of C has been seen, by a path that jumped over no part of it and left no prediction open, see Curve.Ties
	Least       float64 // the least average validation loss there, if so
	Slope       float64 // their average loss that is descended along, see Validation.Evaluate
	Final       Hyper   // rescaled to all training samples
	W           []float64
	B           float64     // the model trained at Final, see Predict
	Vectors     [][]float64 // KernelSVC: the scaled samples with coefficients W_j = α_j y_j
	Test        float64     // mean loss on the test set; NaN without one
	Trainings   int         // followers solved, without the last one
	Elapsed     time.Duration
	Gradients   int    // hypergradients
	Failed      int    // points at which a training failed, and which were passed over
	Failure     string // of the last of them
	Interrupted bool   // the context ended, or the time, before the method did
	History     History
}

// Result is the outcome of Tune.
type Result struct {
	Task        Task
	Loss        Loss
	Features    []string
	Classes     [2]string // of a classification: the labels for which predictions are negative and positive
	Folds       int
	Train, Test int // numbers of samples
	Scaler      *Scaler
	Notes       []string // what the data lack
	Runs        []Run    // one a method, in the order of Options.Methods
}

// Tune chooses the hyperparameters of a task: it splits the data, scales them, evaluates hyperparameters by T-fold cross-validation, and trains the
// model of the best ones on all training samples. Each method keeps the point of the least validation loss; ties go to the least loss that is
// descended along. The bilevel method looks at a coarse grid of the scalars, descends from the best points along the hypergradient, with
// bounds on single weights set free after that, and ends with a direct search in the loss itself. The same seed gives the same answers.
//
// A context that ends stops the search, after the trainings that run; what was found comes back with Interrupted, without the methods that had not begun. Errors are of type *DataError,
// *OptionError and *StateError, besides the context's own where nothing was found, and that of Save, with which the runs up to it come back.
func Tune(ctx context.Context, d *Data, task Task, opt Options) (*Result, error) {
	opt, err := opt.filled(task)
	if err != nil {
		return nil, err
	}
	if task.Classifies() {
		if d, err = d.Binary(); err != nil {
			return nil, err
		}
	}
	if err := usable(d, task); err != nil {
		return nil, err
	}
	if err := varied(d); err != nil {
		return nil, err
	}
	trainAt, testAt := Split(d.Len(), opt.TestShare, opt.Seed)
	train, test := d.Subset(trainAt), d.Subset(testAt)
	scaler := NewScaler(train, opt.Scaling)
	train, test = scaler.Apply(train), scaler.Apply(test)
	folds, err := Folds(train.Len(), opt.Folds, opt.Seed)
	if err != nil {
		if test.Len() > 0 {
			err = fmt.Errorf("%w (%d of %d samples are kept for the test)", err, test.Len(), d.Len())
		}
		return nil, err
	}
	notes, err := remarks(train, test)
	if err != nil {
		return nil, err
	}
	ranges, err := opt.Range.filled(train)
	if err != nil {
		return nil, err
	}
	space := newSpace(task, d.units(task), opt.PerFeature, ranges)
	if err := space.possible(d); err != nil {
		return nil, err
	}
	res := &Result{Task: task, Loss: opt.Loss, Features: d.Features, Classes: d.Classes, Folds: opt.Folds, Train: train.Len(), Test: test.Len(), Scaler: scaler, Notes: notes}
	t := &tuning{ctx: ctx, opt: opt, train: train, test: test, folds: folds, space: space, ranges: ranges, result: res}
	return t.run(settings(d, task, &opt))
}

// conclude trains the model of the best point on all training samples.
func (s *search) conclude(train, test *Data) (*Run, error) {
	elapsed := s.elapsed()
	if s.best.theta == nil {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		return nil, s.failed
	}
	run := &Run{Method: s.method, Hyper: s.space.hyper(s.best.theta), CV: s.best.loss, Exhausted: s.exhausted, Least: s.least, Slope: s.best.slope, Test: math.NaN(), Trainings: s.cv.Trainings,
		Gradients: s.cv.Gradients, Elapsed: elapsed, Interrupted: s.halted, History: s.history}
	if run.Failed = s.fails; s.failed != nil {
		run.Failure = s.failed.Error()
	}
	run.Final = run.Hyper.Rescaled(s.opt.Folds)
	f, err := NewFollower(train, s.space.task)
	if err != nil {
		return nil, err
	}
	w, b, err := f.Fit(run.Final)
	if err != nil {
		return nil, err
	}
	run.W, run.B = slices.Clone(w), b
	if s.space.task == KernelSVC {
		run.Vectors, run.W = supports(train.X, w)
	}
	if test.Len() > 0 {
		run.Test = meanLoss(f.Scores(test), test.Y, s.opt.Loss)
	}
	return run, nil
}

// filled puts defaults where there are zeros, and checks the rest.
func (o Options) filled(task Task) (Options, error) {
	def := func(at *int, v int) {
		if *at == 0 {
			*at = v
		}
	}
	if len(o.Methods) == 0 {
		o.Methods = []string{"bilevel"}
	}
	for i, m := range o.Methods {
		if !slices.Contains(MethodNames, m) {
			return o, &OptionError{"methods", fmt.Sprintf("there is no method %q", m), "the methods are " + strings.Join(MethodNames, ", ")}
		}
		if m == "dca" && task != SVC {
			return o, &OptionError{"methods", fmt.Sprintf("dca does not choose the hyperparameters of %v", task), "it is for svc"}
		}
		if m == "smoothing" && task != SVC {
			return o, &OptionError{"methods", fmt.Sprintf("the method smoothing is not for %v", task), "it is for svc"}
		}
		if m == "relaxation" && task != SVC && task != SVR && task != KernelSVC {
			return o, &OptionError{"methods", fmt.Sprintf("the method relaxation is not for %v", task), "it is for svc, svr and svc-rbf"}
		}
		if slices.Contains(o.Methods[:i], m) {
			return o, &OptionError{"methods", fmt.Sprintf("%q stands twice", m), "name each method once"}
		}
	}
	o.Loss = o.Loss.of(task)
	if err := fits(task, o.Loss, o.PerFeature); err != nil {
		return o, err
	}
	if int(o.Choice) >= len(ChoiceNames) {
		return o, &OptionError{"choice", fmt.Sprintf("there is no %d", o.Choice), "choose Steady or Least"}
	}
	if int(o.Scaling) >= len(ScalingNames) {
		return o, &OptionError{"scaling", fmt.Sprintf("there is no %v", o.Scaling), "see ScalingNames"}
	}
	if !(o.TestShare >= 0 && o.TestShare < 1) {
		return o, &OptionError{"test share", fmt.Sprintf("%v is not in [0, 1)", o.TestShare), "0.5 keeps half of the samples for the test"}
	}
	var err error
	if o.DCA, err = o.DCA.filled(); err != nil {
		return o, err
	}
	if o.Relaxation, err = o.Relaxation.filled(); err != nil {
		return o, err
	}
	def(&o.Folds, 3)
	def(&o.Points, 9)
	def(&o.Repeats, 3)
	def(&o.Starts, 3)
	def(&o.Iterations, 40)
	if o.TimeLimit < 0 || o.SaveEvery < 0 {
		return o, &OptionError{"time", fmt.Sprintf("a limit of %v, saves every %v", o.TimeLimit, o.SaveEvery), "leave them out for the defaults"}
	}
	for _, c := range []struct {
		name        string
		value, most int
	}{{"points", o.Points, 1000}, {"repeats", o.Repeats, 1000}, {"random", o.Random, 1 << 30}, {"starts", o.Starts, 1 << 20}, {"iterations", o.Iterations, 1 << 30}} {
		if c.value < 0 || c.value > c.most {
			return o, &OptionError{c.name, fmt.Sprintf("%d is not between 1 and %d", c.value, c.most), "leave it out for the default"}
		}
	}
	return o, nil
}
