// Package setup_test runs the set-up script on made-up machines.
package setup_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// The sources of a Debian 12, in apt's two formats, with an archive of another
// vendor before Debian's own.
const (
	bookwormSources = `Types: deb
# An archive of the past could stand here.
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`
	bookwormList = `# deb cdrom:[Debian 12]/ bookworm main
deb [arch=amd64] https://vendor.example/linux/debian bookworm stable
deb https://mirror.example/debian-security bookworm-security main
deb [ signed-by=/usr/share/keyrings/key.gpg arch=amd64 ] https://mirror.example/debian/ bookworm main contrib # own
deb-src https://mirror.example/debian/ bookworm main
`
	ubuntuSources = `Types: deb
URIs: http://mirror.example/ubuntu
Suites: noble noble-updates
Components: main universe
`
)

// dry makes a machine only say what it would do.
func dry(m *machine) { m.env = append(m.env, "SETUP_DRY_RUN=1") }

func TestDryRun(t *testing.T) {
	tests := []struct {
		name    string
		machine func(m *machine)
		words   []string
		status  int
		reason  string
	}{
		{name: "all-there", words: []string{"test"},
			machine: func(m *machine) {
				m.apt("debian", bookwormSources, true)
				m.file("highs", "")
				m.command("glpsol", "")
				m.command("lp_solve", "")
				m.command("chromium", "")
				m.file("ipopt", "")
			},
			reason: "nothing is run where nothing is missing"},
		{name: "wish-offered", words: []string{"test"},
			machine: func(m *machine) {
				m.apt("debian", bookwormSources, true)
				m.offers("chromium", "1.0-1", "500")
				m.file("highs", "")
				m.command("glpsol", "")
				m.command("lp_solve", "")
				m.file("ipopt", "")
			},
			reason: "what only some tests need is installed where apt offers it"},
		{name: "debian12-sources", machine: func(m *machine) { m.apt("debian", bookwormSources, true) },
			reason: "trixie from the URI of the machine's own entry, in its format, with its key"},
		{name: "debian12-list", machine: func(m *machine) { m.apt("debian", bookwormList, true) },
			reason: "the same for one-line entries; the vendor's and the security archive are passed over"},
		{name: "debian12-bare-test", words: []string{"test"},
			machine: func(m *machine) {
				m.apt("debian", bookwormSources, true)
				m.remove("gcc", "pkg-config")
			},
			reason: "what bookworm has comes from bookworm, HiGHS alone from trixie"},
		{name: "debian12-entry-there",
			machine: func(m *machine) {
				m.apt("debian", bookwormSources, true)
				m.file("etc/sources.list.d/bilevel-trixie.sources", "Suites: trixie\n")
				m.offers("libhighs-dev", "1.10.0+ds-1", "100")
			},
			reason: "the entry of an earlier run is used, not written again"},
		{name: "debian12-no-mirror", status: 1, machine: func(m *machine) { m.apt("debian", "", true) },
			reason: "no entry to copy: say so, and how to go on"},
		{name: "debian13", machine: func(m *machine) {
			m.apt("debian", strings.ReplaceAll(bookwormSources, "bookworm", "trixie"), true)
			m.offers("libhighs-dev", "1.10.0+ds-1", "500")
		}, reason: "offered: a plain install"},
		{name: "ubuntu-offered", words: []string{"test"}, machine: func(m *machine) {
			m.apt("ubuntu", ubuntuSources, true)
			m.offers("libhighs-dev", "1.11.0+ds-1", "500")
			m.command("id", "echo 1000")
			m.command("sudo", "")
		}, reason: "by sudo for a user; no Debian suite on Ubuntu"},
		{name: "ubuntu-not-offered", machine: func(m *machine) { m.apt("ubuntu", ubuntuSources, true) },
			reason: "built from source, with the packages that takes"},
		{name: "source-on-debian", words: []string{"source"}, machine: func(m *machine) {
			m.apt("debian", bookwormSources, true)
			m.env = append(m.env, "HIGHS_SOURCE=/src/highs")
			m.noting("git", "cmake", "c++")
		}, reason: "asked for: from source although trixie has it"},
		{name: "no-root", status: 1, machine: func(m *machine) {
			m.apt("debian", bookwormSources, true)
			m.command("id", "echo 1000")
		}, reason: "neither root nor sudo: name the packages"},
		{name: "tag-nohighs", machine: func(m *machine) { m.env = append(m.env, "SETUP_TAGS=x,nohighs") },
			reason: "a library switched off is not asked for"},
		{name: "no-cgo", machine: func(m *machine) { m.remove("gcc"); m.env = append(m.env, "CGO_ENABLED=0") },
			reason: "without cgo neither a compiler nor a library"},
		{name: "macos-brew", words: []string{"test"}, machine: func(m *machine) {
			m.command("uname", "echo Darwin")
			m.command("id", "echo 501")
			m.noting("brew")
		}, reason: "by Homebrew"},
		{name: "macos-without-brew", status: 1, machine: func(m *machine) { m.command("uname", "echo Darwin") },
			reason: "say where Homebrew is to be had"},
		{name: "macos-without-tools", status: 1, machine: func(m *machine) {
			m.command("uname", "echo Darwin")
			m.command("gcc", "exit 1")
			m.noting("brew")
		}, reason: "macOS has a gcc that only asks for the developer tools"},
		{name: "unknown", status: 1, machine: func(m *machine) { m.remove("pkg-config") },
			reason: "no package manager that we know: name what is needed"},
		{name: "check-missing", words: []string{"check"}, status: 1,
			machine: func(m *machine) { m.apt("debian", bookwormSources, true); m.remove("make") },
			reason:  "check reports and installs nothing"},
		{name: "go-missing", status: 1, machine: func(m *machine) { m.remove("go") },
			reason: "nothing is installed before Go is there"},
		{name: "go-not-on-path", status: 1, machine: func(m *machine) {
			m.remove("go")
			m.file("go/bin/go", "")
			m.must(os.Chmod(filepath.Join(m.root, "go/bin/go"), 0o755))
		}, reason: "say which folder to put on PATH"},
		{name: "go-broken", status: 1, machine: func(m *machine) { m.command("go", "echo 'cannot find GOROOT' >&2; exit 2") },
			reason: "a Go that does not run: its own words"},
		{name: "go-too-old", status: 1, machine: func(m *machine) { m.golang("go1.19.8", "") },
			reason: "before 1.21 Go cannot fetch a newer one"},
		{name: "go-old-local", status: 1, machine: func(m *machine) { m.golang("go1.25.3", "local") },
			reason: "GOTOOLCHAIN=local forbids fetching"},
		{name: "go-old-auto", words: []string{"check"}, status: 1, machine: func(m *machine) { m.golang("go1.22.1", "auto") },
			reason: "Go fetches the newer one itself; only HiGHS is missing"},
		{name: "unknown-word", words: []string{"instal"}, status: 2, machine: func(*machine) {},
			reason: "usage"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMachine(t)
			test.machine(m)
			dry(m)
			output, status := m.run(test.words...)
			if status != test.status {
				t.Errorf("exit status %d, want %d (%s)", status, test.status, test.reason)
			}
			if called := m.read("called"); called != "" {
				t.Errorf("a dry run called %s", called)
			}
			golden(t, test.name, test.reason, output)
		})
	}
}

// golden compares a script's output with testdata/NAME.golden, whose first line
// is the reason of the case.
func golden(t *testing.T, name, reason, output string) {
	t.Helper()
	// The work folder has a random name, and the Go wanted is go.mod's.
	output = regexp.MustCompile(`bilevel-setup\.[A-Za-z0-9]+`).ReplaceAllString(output, "WORK")
	output = strings.ReplaceAll(output, goWanted(t), "WANTED")
	output = "# " + reason + "\n" + output
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(output), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./setup -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), output); diff != "" {
		t.Errorf("output differs from %s (-want +got):\n%s", path, diff)
	}
}

// goWanted returns the version of Go that go.mod asks for.
func goWanted(t *testing.T) string {
	t.Helper()
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(mod)
	if found == nil {
		t.Fatal("go.mod has no line with the version of Go")
	}
	return string(found[1])
}

// TestOwnEntry reads sources.list and .sources files of many kinds.
func TestOwnEntry(t *testing.T) {
	tests := []struct{ name, sources, want string }{
		{"mirror of another path", "deb http://mirror.example/pub/bookworm bookworm main", "deb http://mirror.example/pub/bookworm trixie main"},
		{"path with debian goes first", "deb http://a.example/pub bookworm main\ndeb http://b.example/debian bookworm main", "deb http://b.example/debian trixie main"},
		{"stable of another vendor", "deb http://vendor.example/apt stable main\ndeb http://b.example/debian stable main", "deb http://b.example/debian trixie main"},
		{"snapshot", "deb http://s.example/archive/debian/20250520T000000Z bookworm main", "deb http://s.example/archive/debian/20250520T000000Z trixie main"},
		{"cdrom", "deb cdrom:[Debian]/debian bookworm main\ndeb http://b.example/debian bookworm main", "deb http://b.example/debian trixie main"},
		{"tabs", "deb\thttp://b.example/debian\tbookworm\tmain", "deb http://b.example/debian trixie main"},
		{"only other archives", "deb https://vendor.example/linux/debian bookworm stable\ndeb http://b.example/debian-security bookworm-security main", ""},
		{"disabled paragraph",
			"Types: deb\nEnabled: no\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\n  \nTypes: deb deb-src\nURIs: http://b.example/debian\nSuites: bookworm\nComponents: main contrib\n",
			"Types: deb\nSuites: trixie\nComponents: main\nURIs: http://b.example/debian"},
		{"embedded key and case of names",
			"Types: deb\nuris: http://a.example/debian http://b.example/debian\nSUITES:\n bookworm-updates\n bookworm\nComponents: main\nSigned-By:\n -----BEGIN-----\n .\n abc\nTrusted: yes\n",
			"Types: deb\nSuites: trixie\nComponents: main\nuris: http://a.example/debian http://b.example/debian\nSigned-By:\n -----BEGIN-----\n .\n abc\nTrusted: yes"},
		{"only sources", "Types: deb-src\nURIs: http://a.example/debian\nSuites: bookworm\nComponents: main\n", ""},
	}
	entry := regexp.MustCompile(`would write MACHINE/etc/sources\.list\.d/bilevel-trixie\.\w+:\n((?:  \| .*\n)+)`)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMachine(t)
			m.apt("debian", test.sources, true)
			if test.name == "disabled paragraph" {
				// Lists and paragraphs may both be there; the first with an entry wins.
				m.file("etc/sources.list", "# moved to sources.list.d\n")
			}
			dry(m)
			output, _ := m.run()
			got := ""
			if found := entry.FindStringSubmatch(output); found != nil {
				got = strings.TrimSuffix(strings.ReplaceAll(found[1][4:], "\n  | ", "\n"), "\n")
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("entry (-want +got):\n%s\noutput:\n%s", diff, output)
			}
		})
	}
}

// installs returns what apt-get was told to install, a call a line.
func installs(m *machine) string {
	var lines []string
	for line := range strings.Lines(m.read("called")) {
		if _, words, found := strings.Cut(line, " install -y --no-install-recommends "); found {
			lines = append(lines, strings.TrimSpace(words))
		}
	}
	return strings.Join(lines, "\n")
}

func TestInstallOnDebian12(t *testing.T) {
	m := newMachine(t)
	m.apt("debian", bookwormSources, true)
	output, status := m.run("test")
	if status != 0 {
		t.Fatalf("exit status %d:\n%s", status, output)
	}
	if got, want := installs(m), "glpk-utils lp-solve coinor-libipopt-dev\n-t trixie libhighs-dev"; got != want {
		t.Errorf("installed %q, want %q", got, want)
	}
	if got := m.read("etc/sources.list.d/bilevel-trixie.sources"); !strings.Contains(got, "URIs: http://mirror.example/debian\n") {
		t.Errorf("entry is\n%s", got)
	}
	if got := m.read("etc/preferences.d/bilevel-trixie"); !strings.Contains(got, "\nPin: release n=trixie\nPin-Priority: 100\n") {
		t.Errorf("pin is\n%s", got)
	}

	m.file("called", "")
	if output, status := m.run("test"); status != 0 || m.read("called") != "" {
		t.Errorf("the second run called %q, exit status %d:\n%s", m.read("called"), status, output)
	}
}

// TestFailures: the script stops with the cause, the remedy and exit status 1.
func TestFailures(t *testing.T) {
	tests := []struct {
		name    string
		machine func(m *machine)
		wants   []string
		entry   bool // whether the entry of trixie stays
	}{
		{"mirror without trixie", func(m *machine) { m.apt("debian", bookwormSources, false) },
			[]string{"The lists of Debian trixie could not be fetched", "the entry was removed again", "TAGS=nohighs"}, false},
		{"network down", func(m *machine) { m.apt("debian", bookwormSources, true); m.file("broken", "") },
			[]string{"E: Failed to fetch the thing", "apt-get update said", "Is the network up"}, false},
		{"installing fails", func(m *machine) {
			m.apt("debian", bookwormSources, true)
			m.offers("libhighs-dev", "1.10.0+ds-1", "500")
			m.file("broken", "")
		}, []string{"could not install: libhighs-dev", "apt-get update said: E: Failed to fetch", "lock"}, false},
		{"installed but not usable", func(m *machine) {
			m.apt("debian", bookwormSources, true)
			m.noting("touch") // the package arrives, and HiGHS does not
		}, []string{"cannot find -lhighs", "still missing: HiGHS"}, true},
		{"no source code", func(m *machine) {
			m.apt("ubuntu", ubuntuSources, true)
			m.command("git", "echo 'Could not resolve host' >&2; exit 128")
			m.noting("cmake", "c++")
		}, []string{"Could not resolve host", "could not be fetched", "HIGHS_SOURCE=FOLDER", "TAGS=nohighs"}, false},
		{"sudo wants a password", func(m *machine) {
			m.apt("debian", bookwormSources, true)
			m.command("id", "echo 1000")
			m.command("sudo", "echo 'sudo: a password is required' >&2; exit 1")
		}, []string{"sudo: a password is required", "Run setup/setup.sh as root or in a terminal", "libhighs-dev"}, false},
		{"nothing offered", func(m *machine) {
			m.apt("ubuntu", ubuntuSources, true)
			m.must(os.RemoveAll(filepath.Join(m.root, "policy")))
			m.file("broken", "")
		}, []string{"apt offers no", "apt-get update said: E: Failed to fetch", "universe"}, false},
		{"no toolchain", func(m *machine) { m.golang("go1.22.1", "auto") },
			[]string{"no such host", "could not fetch Go"}, false},
		{"brew fails", func(m *machine) {
			m.command("uname", "echo Darwin")
			m.command("id", "echo 501")
			m.command("brew", "echo 'curl: (6)'; exit 1")
		}, []string{"curl: (6)", "Homebrew could not install: highs"}, false},
		{"brew as root", func(m *machine) { m.command("uname", "echo Darwin"); m.noting("brew") },
			[]string{"Homebrew refuses to run as root"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMachine(t)
			test.machine(m)
			output, status := m.run()
			if status != 1 {
				t.Errorf("exit status %d, want 1", status)
			}
			for _, want := range test.wants {
				if !strings.Contains(output, want) {
					t.Errorf("no %q in the output:\n%s", want, output)
				}
			}
			if got := m.exists("etc/sources.list.d/bilevel-trixie.sources"); got != test.entry {
				t.Errorf("entry of trixie there: %v, want %v", got, test.entry)
			}
		})
	}
}

// TestWaitsForLock: apt's own timeout does not cover the lock of apt-get update.
func TestWaitsForLock(t *testing.T) {
	m := newMachine(t)
	m.apt("debian", bookwormSources, true)
	m.offers("libhighs-dev", "1.10.0+ds-1", "500")
	m.must(os.Rename(filepath.Join(m.root, "bin/apt-get"), filepath.Join(m.root, "bin/apt-get.free")))
	m.command("apt-get", `
		[ -e "$MACHINE/slept" ] || { echo 'E: Could not get lock /var/lib/apt/lists/lock.' >&2; exit 100; }
		exec apt-get.free "$@"`)
	m.command("sleep", `touch "$MACHINE/slept"`)
	output, status := m.run()
	if status != 0 || !strings.Contains(output, "another program holds apt's lock") {
		t.Errorf("exit status %d:\n%s", status, output)
	}
}

// TestLibcOfTrixie: where libc came from trixie before, bookworm's libc6-dev does
// not fit it, and the packages come from trixie too.
func TestLibcOfTrixie(t *testing.T) {
	m := newMachine(t)
	m.apt("debian", bookwormSources, true)
	m.file("highs", "")
	m.file("etc/sources.list.d/bilevel-trixie.sources", "Suites: trixie\n")
	m.remove("make")
	m.command("apt-get", `
		echo "apt-get $*" >>"$MACHINE/called"
		case " $* " in
		*' -t trixie '*) cp "$MACHINE/bin/pkg-config" "$MACHINE/bin/make" ;;
		*' install '*) echo 'unmet dependencies'; exit 100 ;;
		esac`)
	output, status := m.run()
	if status != 0 {
		t.Errorf("exit status %d:\n%s", status, output)
	}
	if got, want := installs(m), "make\n-t trixie make"; got != want {
		t.Errorf("installed %q, want %q", got, want)
	}
}
