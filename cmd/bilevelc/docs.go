package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// docsCommand writes the manual of the command, docs/command.md.
func (a *app) docsCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "docs",
		Short:  "Write the manual of the command in Markdown",
		Hidden: true,
		Args:   nothing,
		RunE: func(c *cobra.Command, _ []string) error {
			writeManual(a.out, c.Root())
			return nil
		},
	}
}

func writeManual(w io.Writer, root *cobra.Command) {
	fmt.Fprintf(w, "# The command bilevelc\n\n<!-- Written by: bilevelc docs > docs/command.md -->\n\n%s\n", root.Long)
	fmt.Fprintf(w, "\n| command | |\n| --- | --- |\n")
	list := manualCommands(root)
	for _, c := range list {
		fmt.Fprintf(w, "| [%s](#%s) | %s |\n", c.Name(), anchor(c), c.Short)
	}
	fmt.Fprintf(w, "\n```sh\n%s\n```\n", unindent(root.Example))
	for _, c := range list {
		writeCommand(w, c)
	}
}

// manualCommands are the commands and help topics, in the order of the help.
func manualCommands(root *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	for _, c := range root.Commands() {
		if c.Name() != "help" && !c.Hidden {
			list = append(list, c)
		}
	}
	return list
}

func title(c *cobra.Command) string {
	if !c.Runnable() && !c.HasSubCommands() {
		return "help " + c.Name()
	}
	return c.CommandPath()
}

func anchor(c *cobra.Command) string { return strings.ReplaceAll(title(c), " ", "-") }

func writeCommand(w io.Writer, c *cobra.Command) {
	fmt.Fprintf(w, "\n## %s\n\n", title(c))
	if c.Runnable() {
		fmt.Fprintf(w, "```\n%s\n```\n\n", c.UseLine())
	}
	if strings.Contains(c.Long, "\n  ") { // laid out by blanks
		fmt.Fprintf(w, "```\n%s\n```\n", strings.TrimSpace(c.Long))
	} else {
		fmt.Fprintf(w, "%s\n", strings.TrimSpace(c.Long))
	}
	rows := ""
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, text := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if value != "" {
			name += " " + value
		}
		if d := f.DefValue; d != "" && d != "false" && d != "0" && d != "[]" {
			text += " (default " + d + ")"
		}
		rows += fmt.Sprintf("| `%s` | %s |\n", name, strings.ReplaceAll(text, "|", `\|`))
	})
	if rows != "" {
		fmt.Fprintf(w, "\n| flag | |\n| --- | --- |\n%s", rows)
	}
	if c.Example != "" {
		fmt.Fprintf(w, "\n```sh\n%s\n```\n", unindent(c.Example))
	}
	for _, s := range c.Commands() {
		if s.IsAvailableCommand() {
			fmt.Fprintf(w, "\n`%s`: %s.\n", s.CommandPath(), s.Short)
		}
	}
}

func unindent(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "  ")
	}
	return strings.Join(lines, "\n")
}
