package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel/internal/nearest"
	"github.com/gobilevel/bilevel/learning"
	"github.com/gobilevel/bilevel/model/modfile"
)

// learnFlags are what "bilevelc learn" takes.
type learnFlags struct {
	task, loss, choice, scale, label, format, model string
	method                                          string
	compare                                         []string
	groups                                          []int
	folds, points, random, repeats, starts, seed    int
	test, dcaTolerance                              float64
	perFeature, equalTime                           bool
	ranges                                          []string
	json, quiet, verbose                            bool
	timeLimit                                       durationFlag
	keep                                            learnKeep
	plot, report                                    string
}

func (a *app) learnCommand() *cobra.Command {
	f := &learnFlags{}
	c := &cobra.Command{
		Use:   "learn DATA",
		Short: "Choose the hyperparameters of a model by cross-validation",
		Long: `Read a data set, in CSV (with or without names; the labels are the last column unless --label
names another) or LIBSVM format, choose the hyperparameters of a model by T-fold
cross-validation, and train the model of the best ones on all samples that are not kept for the
test. Missing values are refused.

Tasks: svc (support vector classifier: C), svr (support vector regression: C, epsilon), ridge,
lasso, elastic-net, logistic (penalties), svc-rbf (support vector classifier with the kernel
exp(-gamma |x - x'|^2): C, gamma), group-lasso (a penalty on the length of the weights of each
group of features, see --groups). With --per-feature svc and svr have a bound on each weight
besides, ridge and logistic a penalty for each, and group-lasso one for each group.

The choice is a bilevel problem, whose leader pays the validation loss and whose followers are
the trainings. The method "bilevel" follows the trained model over the whole range of C for svc and
svr, and descends along hypergradients with exact followers in other hyperparameters; for C alone
the least validation loss over the range is known then. Of values with few misclassifications
--choice steady takes one that does well for other folds of the same samples, too; bounds on
single weights it fits as far as samples outside of the folds gain from it.

--compare adds others, on the same data, splits and folds, in one table; with --equal-time each
has the time of --time-limit, or else the time that the first took: grid and random go on until
then. --plot and --report draw the least validation loss over the seconds.

The method "smoothing" of svc is a Newton method on the smoothed problem. The method "dca" of svc bounds half the square of the weights by a radius in the place of C, and
goes by convex programs in which the followers' least losses are linear; --method dca runs it in
the place of bilevel, and --dca-tolerance is the step at which it ends. The method "relaxation" of
svc, svr and svc-rbf solves leader and followers together, with relaxed optimality conditions; it
is slower than the others and ends at local answers.

While it runs, a line on standard error shows the least validation loss, the norm of the
hypergradient, and the trainings and hypergradients so far; --verbose adds a line for each
improvement. Ctrl-C ends the search, after the training that runs, with the best point so far.
With --checkpoint FILE its state is kept in a file; --resume FILE goes on from there, with the
same data and options, and ends at the same result, to the last bit, as a run that was not
interrupted.

--model writes the problem of all samples as a model instead, for "bilevelc solve": for some
tens of samples it can be solved to a proven optimum.

With --json the result is an object with the keys task, loss, folds, train, test, features,
classes (of a classification: the labels for which predictions are negative and positive),
scaler, notes, runs. A run has the keys method, cv, least (over all C, where known), test,
trainings, gradients, seconds, interrupted, chosen (the hyperparameters on the folds), hyper (those for all samples), weights,
intercept, history (a list of improvements and hypergradients, each with seconds, trainings,
gradients, cv, slope, norm). The prediction is x'weights - intercept for scaled features, with x
scaled by (x - shift) / size of the key scaler. Of svc-rbf weights are the coefficients of the
samples in the key vectors: the prediction is the sum of weight exp(-gamma |vector - x|^2) less
the intercept. What does not exist is null or left out.`,
		Example: `  bilevelc learn sonar.csv --test 0.5 --compare grid,random
  bilevelc learn heart.libsvm --task svc --per-feature --test 0.5
  bilevelc learn heart.libsvm --method dca --loss hinge --per-feature --compare grid --points 10
  bilevelc learn heart.libsvm --loss hinge --compare relaxation,smoothing
  bilevelc learn prices.csv --task group-lasso --groups 4,4,3 --label price --per-feature
  bilevelc learn prices.csv --task lasso --label price --scale standard --json
  bilevelc learn sonar.csv --per-feature --compare grid,random --equal-time --report sonar.html
  bilevelc learn large.csv --per-feature --checkpoint large.state
  bilevelc learn large.csv --per-feature --resume large.state
  bilevelc learn small.csv --task svc --loss hinge --model small.mod`,
		Args: files(1, "a file with data"),
		RunE: func(c *cobra.Command, args []string) error { return a.learn(c.Context(), f, args) },
	}
	c.Flags().StringVar(&f.task, "task", "svc", "what is learnt, a `word`: "+strings.Join(learning.TaskNames, ", "))
	c.Flags().StringVar(&f.loss, "loss", "default", "what the leader pays, a `word`: "+strings.Join(learning.LossNames, ", ")+" (default: misclassification, absolute for svr, squared)")
	c.Flags().StringVar(&f.choice, "choice", "steady", "among points by misclassification, a `word`: steady (also by other folds and the hinge loss), least")
	c.Flags().BoolVar(&f.perFeature, "per-feature", false, "a bound on each weight (svc, svr), or a penalty for each (ridge, logistic) or for each group (group-lasso)")
	c.Flags().IntSliceVar(&f.groups, "groups", nil, "`sizes` of consecutive groups of features for group-lasso, as 3,3,2; a single one for all (default: each feature by itself)")
	c.Flags().StringArrayVar(&f.ranges, "range", nil, "least and largest value of a hyperparameter: `name=from:to` with the name C, radius, epsilon, gamma, l1, l2 or box (repeatable)")
	c.Flags().StringVar(&f.label, "label", "", "`column` of the labels in a CSV file, by name or number from 1 (default: the last)")
	c.Flags().StringVar(&f.format, "format", "", "csv or libsvm, a `word` (default: by the first line)")
	c.Flags().StringVar(&f.scale, "scale", "range", "how features are scaled, a `word`: range (to [-1, 1]), standard (mean 0, deviation 1), none")
	c.Flags().IntVar(&f.folds, "folds", 3, "`number` of folds")
	c.Flags().Float64Var(&f.test, "test", 0, "`share` of the samples that is kept for the test")
	c.Flags().StringVar(&f.method, "method", "bilevel", "how the hyperparameters are searched for, a `word`: "+strings.Join(learning.MethodNames, ", "))
	c.Flags().Float64Var(&f.dcaTolerance, "dca-tolerance", 0.01, "`size` of the steps and of the violation at which dca ends")
	c.Flags().StringSliceVar(&f.compare, "compare", nil, "`methods` to run after the first: "+strings.Join(learning.MethodNames, ", "))
	c.Flags().BoolVar(&f.equalTime, "equal-time", false, "give each method the same time: that of --time-limit, or what the first took")
	c.Flags().IntVar(&f.points, "points", 9, "`number` of values of each hyperparameter on the grid")
	c.Flags().IntVar(&f.random, "random", 0, "`number` of random points (0: as many as the grid has)")
	c.Flags().IntVar(&f.repeats, "repeats", 0, "`number` of partitions in folds that the steady choice looks at (0: 3, fewer for large data)")
	c.Flags().IntVar(&f.starts, "starts", 3, "`number` of descents of the method bilevel")
	c.Flags().IntVar(&f.seed, "seed", 0, "`number` from which split, folds and random points are drawn")
	c.Flags().Var(&f.timeLimit, "time-limit", "stop each method after that `time`: seconds, or a duration like 90s or 5m (0: no limit)")
	f.keep.flags(c)
	c.Flags().StringVar(&f.plot, "plot", "", "draw the least validation loss over time into that `file`, .svg, .png or .pdf")
	c.Flags().StringVar(&f.report, "report", "", "also write the result as a page for a browser, complete in itself, to that `file`")
	c.Flags().StringVar(&f.model, "model", "", "write the bilevel model of all samples to that `file` (-: standard output) and end")
	c.Flags().BoolVar(&f.json, "json", false, "write the result as one JSON object")
	c.Flags().BoolVarP(&f.verbose, "verbose", "v", false, "write a line for each improvement, on standard error")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing but errors and what --json asks for")
	complete(c, "task", learning.TaskNames)
	complete(c, "loss", learning.LossNames)
	complete(c, "scale", learning.ScalingNames)
	complete(c, "choice", learning.ChoiceNames)
	complete(c, "compare", []string{"grid", "random", "grid,random"})
	complete(c, "method", learning.MethodNames)
	return c
}

// word finds a word in a list.
func word(flag, value string, list []string) (int, error) {
	if k := slices.Index(list, value); k >= 0 {
		return k, nil
	}
	hint := "choose " + strings.Join(list, ", ")
	if near := nearest.DidYouMean(value, list); near != "" {
		hint = near + " " + hint
	}
	return 0, &usageError{fmt.Sprintf("--%s: there is no %s %q", flag, flag, value), hint}
}

// labelFlags adds to an error about labels which flags choose others.
func labelFlags(err error) error {
	if !errors.Is(err, learning.ErrLabels) {
		return err
	}
	return fmt.Errorf("%w\n--label NAME names the column; --task svr, ridge, lasso, group-lasso and elastic-net learn numbers", err)
}

func (a *app) learn(ctx context.Context, f *learnFlags, args []string) error {
	if len(args) > 1 {
		return &usageError{fmt.Sprintf("learn takes one file, not %q too", args[1]), "join the samples in one file"}
	}
	task, err := word("task", f.task, learning.TaskNames)
	if err != nil {
		return err
	}
	loss, err := word("loss", f.loss, learning.LossNames)
	if err != nil {
		return err
	}
	scale, err := word("scale", f.scale, learning.ScalingNames)
	if err != nil {
		return err
	}
	choice, err := word("choice", f.choice, learning.ChoiceNames)
	if err != nil {
		return err
	}
	if f.seed < 0 {
		return &usageError{fmt.Sprintf("--seed %d is negative", f.seed), "the default is 0"}
	}
	if f.quiet && f.verbose {
		return &usageError{"--quiet and --verbose exclude each other", "choose one of them"}
	}
	if _, err := pictureFormatOf("plot", f.plot); err != nil {
		return err
	}
	if f.report == "-" && f.json {
		return &usageError{"--report -: standard output is for what --json asks for", "name a file for the page"}
	}
	if err := f.searches(); err != nil {
		return err
	}
	if f.equalTime && len(f.compare) == 0 {
		return &usageError{"--equal-time: there is nothing to compare", "give --compare grid,random"}
	}
	ranges, err := learnRanges(f.ranges, learning.Task(task))
	if err != nil {
		return err
	}
	data, err := a.learnData(args[0], learning.ReadOptions{Format: f.format, Label: f.label})
	if err != nil {
		return err
	}
	if err := f.checkOutputs(args[0]); err != nil {
		return err
	}
	if len(f.groups) > 0 {
		if learning.Task(task) != learning.GroupLasso {
			return &usageError{fmt.Sprintf("--groups: %s has no groups of features", f.task), "give --task group-lasso"}
		}
		if data.Groups, err = learning.GroupsOf(data.Width(), f.groups...); err != nil {
			return err
		}
	}
	if f.model != "" {
		return a.learnModel(f, data, learning.Task(task), learning.Loss(loss), learning.Scaling(scale), ranges)
	}
	methods := []string{f.method}
	for _, m := range f.compare {
		if m != f.method { // it is the first anyway
			methods = append(methods, m)
		}
	}
	opt := learning.Options{
		Methods: methods, Loss: learning.Loss(loss), PerFeature: f.perFeature, Scaling: learning.Scaling(scale), Range: ranges,
		Folds: f.folds, TestShare: f.test, Seed: uint64(f.seed), Points: f.points, Random: f.random,
		Choice: learning.Choice(choice), Repeats: f.repeats, Starts: f.starts, EqualTime: f.equalTime, TimeLimit: time.Duration(f.timeLimit),
		DCA: learning.DCAOptions{Tolerance: f.dcaTolerance},
	}
	if err := f.keep.set(a, &opt); err != nil {
		return err
	}
	ctx, release := interruptible(ctx)
	defer release()
	progress := a.watchLearning(&opt, f)
	res, err := learning.Tune(ctx, data, learning.Task(task), opt)
	progress.Done()
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return &stoppedError{fmt.Errorf("stopped before anything was found: %w", err)}
	case err != nil:
		return labelFlags(f.keep.named(err))
	}
	f.keep.tell(a, ctx.Err() != nil, f.quiet)
	// The result first: a disk that is full by now does not take it along.
	switch {
	case f.json:
		err = writeLearnt(a.out, res)
	case !f.quiet && f.report != "-":
		printLearnt(a.out, res, learning.Choice(choice) == learning.Steady)
	}
	return errors.Join(err, a.drawLearnt(f, data.Name, res))
}

// searches refuses what says how to search, where --model asks for no search.
func (f *learnFlags) searches() error {
	if f.model == "" {
		return nil
	}
	for _, c := range []struct {
		flag string
		set  bool
	}{{"--compare", len(f.compare) > 0}, {"--equal-time", f.equalTime}, {"--test", f.test != 0}, {"--checkpoint", f.keep.checkpoint != ""}, {"--resume", f.keep.resume != ""},
		{"--plot", f.plot != ""}, {"--report", f.report != ""}, {"--json", f.json}} {
		if c.set {
			return &usageError{fmt.Sprintf("%s: --model writes the problem of all samples and ends, without a search", c.flag), "leave one of the two out"}
		}
	}
	return nil
}

// rangeNames are the hyperparameters of the tasks, in their order, as --range names them.
var rangeNames = [][]string{learning.SVC: {"C", "radius", "box"}, learning.SVR: {"C", "epsilon", "box"}, learning.Ridge: {"l2"}, learning.Lasso: {"l1"}, learning.ElasticNet: {"l1", "l2"},
	learning.Logistic: {"l2"}, learning.KernelSVC: {"C", "gamma"}, learning.GroupLasso: {"l1"}}

// learnRanges reads the values of --range.
func learnRanges(list []string, task learning.Task) (learning.Ranges, error) {
	var r learning.Ranges
	to := map[string]*[2]float64{"C": &r.C, "radius": &r.Radius, "epsilon": &r.Epsilon, "gamma": &r.Gamma, "l1": &r.L1, "l2": &r.L2, "box": &r.Box}
	for _, s := range list {
		name, text, _ := strings.Cut(s, "=")
		from, until, ok := strings.Cut(text, ":")
		lo, errLo := strconv.ParseFloat(from, 64)
		hi, errHi := strconv.ParseFloat(until, 64)
		at := to[name]
		switch {
		case !ok || errLo != nil || errHi != nil || at == nil:
			return r, &usageError{fmt.Sprintf("--range %s: expected name=from:to", s), "the names are C, radius, epsilon, gamma, l1, l2 and box; for example --range C=1e-3:1e6"}
		case !slices.Contains(rangeNames[task], name):
			return r, &usageError{fmt.Sprintf("--range %s: %v has no %s", s, task, name), "the names for it are " + strings.Join(rangeNames[task], ", ")}
		case !(lo > 0 && hi >= lo):
			return r, &usageError{fmt.Sprintf("--range %s: these are no values from one above 0 to a larger one", s), "for example --range " + name + "=1e-3:1e6"}
		}
		*at = [2]float64{lo, hi}
	}
	return r, nil
}

// learnData reads the data from a file or, for "-", from standard input.
func (a *app) learnData(name string, opt learning.ReadOptions) (*learning.Data, error) {
	if name == "-" {
		return learning.Read(a.stdin, "stdin", opt)
	}
	return learning.ReadFile(name, opt)
}

// learnModel writes the bilevel model of all samples, in the folds of a search with the same seed.
func (a *app) learnModel(f *learnFlags, data *learning.Data, task learning.Task, loss learning.Loss, scale learning.Scaling, ranges learning.Ranges) error {
	var err error
	if task.Classifies() {
		if data, err = data.Binary(); err != nil {
			return labelFlags(err)
		}
	}
	// In the order that a search has the samples in, so that the folds are those of a search.
	order, _ := learning.Split(data.Len(), 0, uint64(f.seed))
	data = data.Subset(order)
	folds, err := learning.Folds(data.Len(), f.folds, uint64(f.seed))
	if err != nil {
		return err
	}
	m, err := learning.BuildModel(learning.NewScaler(data, scale).Apply(data), task, folds, learning.ModelOptions{Loss: loss, PerFeature: f.perFeature, Range: ranges})
	if err != nil {
		return err
	}
	return a.writeTo(f.model, func(w io.Writer) error { return modfile.Print(w, m.Model) })
}
