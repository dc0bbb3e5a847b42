package setup_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A machine is what the set-up script sees of a computer: the commands on PATH,
// which are small scripts of the test, and the files of apt. Nothing of the real
// machine is on its PATH but the plain text tools listed in newMachine.
type machine struct {
	t *testing.T
	// root holds bin (PATH), etc (in place of /etc/apt), policy (what apt offers,
	// a file a package) and called (the calls of apt-get, brew, git and cmake).
	root string
	env  []string
}

// newMachine returns a Linux without any package manager, run by root, with Go
// 1.99, a C compiler, make and pkg-config, and without HiGHS, glpsol, lp_solve and Ipopt.
func newMachine(t *testing.T) *machine {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh on this machine: the set-up script is for Unix")
	}
	m := &machine{t: t, root: t.TempDir()}
	for _, dir := range []string{"bin", "etc/sources.list.d", "policy", "tmp"} {
		m.must(os.MkdirAll(filepath.Join(m.root, dir), 0o755))
	}
	for _, tool := range []string{
		"awk", "cat", "chmod", "cp", "dirname", "env", "grep", "mkdir", "mktemp", "rm", "sed", "tail", "touch", "tr",
	} {
		path, err := exec.LookPath(tool)
		m.must(err)
		m.command(tool, `exec "`+path+`" "$@"`)
	}
	m.file("os-release", "ID=other\n")
	m.file("called", "")
	m.command("uname", "echo Linux")
	m.command("id", "echo 0")
	m.command("getconf", "echo 2")
	m.command("make", "")
	m.command("pkg-config", "")
	m.golang("go1.99.0", "auto")
	// The compiler writes a program that does nothing. It knows the library HiGHS
	// where the file "highs" is there, and the program that opens Ipopt where the
	// file "ipopt" is.
	m.command("gcc", `
		case " $* " in *" -lhighs "*)
			[ -e "$MACHINE/highs" ] || { echo 'cannot find -lhighs' >&2; exit 1; } ;;
		*" -ldl "*)
			[ -e "$MACHINE/ipopt" ] || exit 1 ;;
		esac
		while [ $# -gt 0 ]; do
			if [ "$1" = -o ]; then printf '#!/bin/sh\n' >"$2"; chmod +x "$2"; fi
			shift
		done`)
	return m
}

func (m *machine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) file(name, content string) {
	m.t.Helper()
	path := filepath.Join(m.root, name)
	m.must(os.MkdirAll(filepath.Dir(path), 0o755))
	m.must(os.WriteFile(path, []byte(content), 0o644))
}

func (m *machine) exists(name string) bool {
	_, err := os.Stat(filepath.Join(m.root, name))
	return err == nil
}

func (m *machine) read(name string) string {
	m.t.Helper()
	content, err := os.ReadFile(filepath.Join(m.root, name))
	m.must(err)
	return string(content)
}

// command puts a command on the machine's PATH. All there are scripts, and none
// is a link: writing to a link would change the real machine's tool.
func (m *machine) command(name, script string) {
	m.t.Helper()
	m.must(os.WriteFile(filepath.Join(m.root, "bin", name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
}

func (m *machine) remove(commands ...string) {
	m.t.Helper()
	for _, name := range commands {
		m.must(os.Remove(filepath.Join(m.root, "bin", name)))
	}
}

// golang gives the machine a Go of a version and a setting of GOTOOLCHAIN.
func (m *machine) golang(version, toolchain string) {
	m.command("go", `
		case "$1 $2" in
		'env GOVERSION') echo `+version+` ;;
		'env GOTOOLCHAIN') echo `+toolchain+` ;;
		'version '*) [ -e "$MACHINE/proxy" ] || { echo 'dial tcp: lookup: no such host' >&2; exit 1; } ;;
		*) exit 1 ;;
		esac`)
}

// offers makes apt offer a package at a pin priority.
func (m *machine) offers(name, version, priority string) {
	m.file("policy/"+name, policy(name, version, priority))
}

// policy is the output of apt-cache policy for a package that is not installed.
func policy(name, version, priority string) string {
	return name + ":\n  Installed: (none)\n  Candidate: " + version + "\n  Version table:\n" +
		"     " + version + " " + priority + "\n        " + priority + " archive suite/main amd64 Packages\n"
}

// apt makes the machine one of apt. The command apt-get notes each call, and for
// each package installed makes a file of its name; installing libhighs-dev brings
// HiGHS, and the update after an entry of trixie makes apt offer it where the
// mirror holds it.
func (m *machine) apt(id, sources string, trixieOnMirror bool) {
	m.file("os-release", "NAME=\"Some system\"\nID="+id+"\n")
	name := "etc/sources.list"
	if strings.HasPrefix(sources, "Types:") {
		name = "etc/sources.list.d/" + id + ".sources"
	}
	m.file(name, sources)
	for _, p := range []string{"gcc", "libc6-dev", "make", "pkg-config", "glpk-utils", "lp-solve", "coinor-libipopt-dev", "git", "cmake", "g++", "ca-certificates"} {
		m.offers(p, "1.0-1", "500")
	}
	m.command("apt-cache", `cat "$MACHINE/policy/$2" 2>/dev/null || exit 0`)
	offer := ""
	if trixieOnMirror {
		m.file("trixie", policy("libhighs-dev", "1.10.0+ds-1", "100"))
		offer = `[ ! -e "$MACHINE/etc/preferences.d/bilevel-trixie" ] || cp "$MACHINE/trixie" "$MACHINE/policy/libhighs-dev"`
	}
	m.command("apt-get", `
		echo "apt-get $*" >>"$MACHINE/called"
		[ ! -e "$MACHINE/broken" ] || { echo 'E: Failed to fetch the thing'; exit 100; }
		case " $* " in
		*' update '*) `+offer+`
			true ;;
		*' install '*)
			for word; do case $word in
			libhighs-dev) touch "$MACHINE/highs" ;;
			glpk-utils) cp "$MACHINE/bin/make" "$MACHINE/bin/glpsol" ;;
			lp-solve) cp "$MACHINE/bin/make" "$MACHINE/bin/lp_solve" ;;
			coinor-libipopt-dev) touch "$MACHINE/ipopt" ;;
			esac; done ;;
		esac`)
}

// noting puts commands on PATH that only note that they were called.
func (m *machine) noting(commands ...string) {
	for _, name := range commands {
		m.command(name, `echo "`+name+` $*" >>"$MACHINE/called"`)
	}
}

// run runs the set-up script with words and returns its output, with the folder
// of the machine written as MACHINE, and its exit status.
func (m *machine) run(words ...string) (output string, status int) {
	m.t.Helper()
	sh, err := exec.LookPath("sh")
	m.must(err)
	cmd := exec.Command(sh, append([]string{"setup.sh"}, words...)...)
	cmd.Env = append([]string{
		"PATH=" + filepath.Join(m.root, "bin"),
		"HOME=" + filepath.Join(m.root, "home"),
		"TMPDIR=" + filepath.Join(m.root, "tmp"),
		"MACHINE=" + m.root,
		"SETUP_APT_FOLDER=" + filepath.Join(m.root, "etc"),
		"SETUP_OS_RELEASE=" + filepath.Join(m.root, "os-release"),
		"SETUP_GO_PLACES=" + filepath.Join(m.root, "go/bin"),
	}, m.env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			m.t.Fatalf("setup.sh did not run: %v", err)
		}
		status = exit.ExitCode()
	}
	left, err := os.ReadDir(filepath.Join(m.root, "tmp"))
	m.must(err)
	if len(left) != 0 {
		m.t.Errorf("setup.sh left %s in the temporary folder", left[0].Name())
	}
	return strings.ReplaceAll(out.String(), m.root, "MACHINE"), status
}
