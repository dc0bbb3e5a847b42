// Package report prints for people: the summary of an answer, a certificate, a classification, tables, and progress while a solve runs.
// It takes structs of its own and of model and verify, so that any program can fill them in. It is the only place of the project where
// numbers are rounded to be read; what programs read (JSON, exported models) keeps all digits.
package report
