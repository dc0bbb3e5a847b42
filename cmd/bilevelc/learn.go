package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel/learning"
	"github.com/gobilevel/bilevel/model/modfile"
)

// learnFlags are what "bilevelc learn" takes.
type learnFlags struct {
	task, loss, choice, scale, label, format, model string
	compare                                         []string
	folds, points, random, repeats, starts, seed    int
	test                                            float64
	perFeature, equalTime, json, quiet              bool
	timeLimit                                       durationFlag
}

func (a *app) learnCommand() *cobra.Command {
	f := &learnFlags{}
	c := &cobra.Command{
		Use:   "learn DATA",
		Short: "Choose the hyperparameters of a linear model by cross-validation",
		Long: `Read a data set, in CSV (with or without names; the labels are the last column unless --label
names another) or LIBSVM format, choose the hyperparameters of a linear model by T-fold
cross-validation, and train the model of the best ones on all samples that are not kept for the
test. Missing values are refused.

Tasks: svc (support vector classifier: C), svr (support vector regression: C, epsilon), ridge,
lasso, elastic-net, logistic (penalties). With --per-feature svc and svr have a bound on each
weight besides, and ridge and logistic a penalty for each.

The choice is a bilevel problem, whose leader pays the validation loss and whose followers are
the trainings. The method "bilevel" follows the trained model over the whole range of C for svc and
svr, and descends along hypergradients with exact followers in other hyperparameters; for C alone the
least validation loss over the range is known then. --compare adds "grid", "random", and for svc
"smoothing", a Newton method on the smoothed problem. With --equal-time grid and random go on as
long as bilevel took. Of values with few misclassifications --choice steady takes one that does well
for other folds of the same samples, too.
--model writes the problem of all samples as a model instead, for "bilevelc solve": for some
tens of samples it can be solved to a proven optimum.

With --json the result is an object with the keys task, loss, folds, train, test, features, runs.
A run has the keys method, cv, least (over all C, where known), test, trainings, seconds, interrupted,
hyper, weights, intercept; the prediction is x'weights - intercept for scaled features, with x scaled by
(x - shift) / size of the key scaler. What does not exist is null or left out.`,
		Example: `  bilevelc learn sonar.csv --test 0.5 --compare grid,random
  bilevelc learn heart.libsvm --task svc --per-feature --test 0.5
  bilevelc learn prices.csv --task lasso --label price --scale standard --json
  bilevelc learn small.csv --task svc --loss hinge --model small.mod`,
		Args: files(1, "a file with data"),
		RunE: func(c *cobra.Command, args []string) error { return a.learn(c.Context(), f, args) },
	}
	c.Flags().StringVar(&f.task, "task", "svc", "what is learnt, a `word`: "+strings.Join(learning.TaskNames, ", "))
	c.Flags().StringVar(&f.loss, "loss", "default", "what the leader pays, a `word`: "+strings.Join(learning.LossNames, ", ")+" (default: misclassification, absolute for svr, squared)")
	c.Flags().StringVar(&f.choice, "choice", "steady", "among points by misclassification, a `word`: steady (also by other folds and the hinge loss), least")
	c.Flags().BoolVar(&f.perFeature, "per-feature", false, "a bound on each weight (svc, svr) or a penalty for each (ridge, logistic)")
	c.Flags().StringVar(&f.label, "label", "", "`column` of the labels in a CSV file, by name or number from 1 (default: the last)")
	c.Flags().StringVar(&f.format, "format", "", "csv or libsvm, a `word` (default: by the first line)")
	c.Flags().StringVar(&f.scale, "scale", "range", "how features are scaled, a `word`: range (to [-1, 1]), standard (mean 0, deviation 1), none")
	c.Flags().IntVar(&f.folds, "folds", 3, "`number` of folds")
	c.Flags().Float64Var(&f.test, "test", 0, "`share` of the samples that is kept for the test")
	c.Flags().StringSliceVar(&f.compare, "compare", nil, "`methods` to run after bilevel: grid, random, smoothing")
	c.Flags().BoolVar(&f.equalTime, "equal-time", false, "let them go on until they have used the time of bilevel")
	c.Flags().IntVar(&f.points, "points", 9, "`number` of values of each hyperparameter on the grid")
	c.Flags().IntVar(&f.random, "random", 0, "`number` of random points (0: as many as the grid has)")
	c.Flags().IntVar(&f.repeats, "repeats", 0, "`number` of partitions in folds that the steady choice looks at (0: 10, fewer for large data)")
	c.Flags().IntVar(&f.starts, "starts", 3, "`number` of descents of the method bilevel")
	c.Flags().IntVar(&f.seed, "seed", 0, "`number` from which split, folds and random points are drawn")
	c.Flags().Var(&f.timeLimit, "time-limit", "stop after that `time`: seconds, or a duration like 90s or 5m (0: no limit)")
	c.Flags().StringVar(&f.model, "model", "", "write the bilevel model of all samples to that `file` (-: standard output) and end")
	c.Flags().BoolVar(&f.json, "json", false, "write the result as one JSON object")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print nothing but errors and what --json asks for")
	complete(c, "task", learning.TaskNames)
	complete(c, "loss", learning.LossNames)
	complete(c, "scale", learning.ScalingNames)
	complete(c, "choice", learning.ChoiceNames)
	complete(c, "compare", []string{"grid", "random", "grid,random"})
	return c
}

// word finds a word in a list.
func word(flag, value string, list []string) (int, error) {
	if k := slices.Index(list, value); k >= 0 {
		return k, nil
	}
	return 0, &usageError{fmt.Sprintf("--%s %s: there is no such word", flag, value), "choose " + strings.Join(list, ", ")}
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
	if f.equalTime && len(f.compare) == 0 {
		return &usageError{"--equal-time: there is nothing to compare", "give --compare grid,random"}
	}
	data, err := a.learnData(args[0], learning.ReadOptions{Format: f.format, Label: f.label})
	if err != nil {
		return err
	}
	if f.model != "" {
		return a.learnModel(f, data, learning.Task(task), learning.Loss(loss), learning.Scaling(scale))
	}
	if f.timeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(f.timeLimit))
		defer cancel()
	}
	res, err := learning.Tune(ctx, data, learning.Task(task), learning.Options{
		Methods: append([]string{"bilevel"}, f.compare...), Loss: learning.Loss(loss), PerFeature: f.perFeature, Scaling: learning.Scaling(scale),
		Folds: f.folds, TestShare: f.test, Seed: uint64(f.seed), Points: f.points, Random: f.random,
		Choice: learning.Choice(choice), Repeats: f.repeats, Starts: f.starts, EqualTime: f.equalTime,
	})
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return &stoppedError{fmt.Errorf("stopped before anything was found: %w", err)}
	case err != nil:
		return err
	}
	switch {
	case f.json:
		return writeLearnt(a.out, res)
	case !f.quiet:
		printLearnt(a.out, res)
	}
	return nil
}

// learnData reads the data from a file or, for "-", from standard input.
func (a *app) learnData(name string, opt learning.ReadOptions) (*learning.Data, error) {
	if name == "-" {
		return learning.Read(a.stdin, "stdin", opt)
	}
	return learning.ReadFile(name, opt)
}

// learnModel writes the bilevel model of all samples.
func (a *app) learnModel(f *learnFlags, data *learning.Data, task learning.Task, loss learning.Loss, scale learning.Scaling) error {
	var err error
	if task.Classifies() {
		if data, err = data.Binary(); err != nil {
			return err
		}
	}
	folds, err := learning.Folds(data.Len(), f.folds, uint64(f.seed))
	if err != nil {
		return err
	}
	m, err := learning.BuildModel(learning.NewScaler(data, scale).Apply(data), task, folds, learning.ModelOptions{Loss: loss, PerFeature: f.perFeature})
	if err != nil {
		return err
	}
	if f.model == "-" {
		return modfile.Print(a.out, m.Model)
	}
	file, err := os.Create(f.model)
	if err != nil {
		return err
	}
	return errors.Join(modfile.Print(file, m.Model), file.Close())
}
