#!/bin/sh
# Set-up of bilevel: says what the machine has and installs what is missing.
#
#   setup/setup.sh          what building and solving need
#   setup/setup.sh test     and what only the tests use
#   setup/setup.sh check    report only; exit status 1 when something is missing
#   setup/setup.sh source   build HiGHS from source rather than take a package
#   setup/setup.sh help     these lines
#
# Words combine: "check test". When all is there nothing is run and no network
# is needed. Environment:
#
#   SETUP_DRY_RUN=1        print what would be run and written, and do nothing
#   SETUP_TAGS=nohighs     build tags; a library switched off by one is not needed
#   CGO_ENABLED=0          no C compiler and no native library is needed
#   GO, CC, CGO_CFLAGS, CGO_LDFLAGS    as for make and go build
#   HIGHS_SOURCE           a folder or git address with HiGHS's source code
#
# Exit status: 0 all there, 1 something is missing or failed, 2 wrong usage.

# The files beside this one share its variables.
# shellcheck source-path=SCRIPTDIR disable=SC2034,SC2154
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")

say() { printf '%s\n' "$*"; }

# complain prints each argument as a line of the error output.
complain() {
	printf 'set-up: %s\n' "$1" >&2
	shift
	for line in "$@"; do
		[ -z "$line" ] || printf '        %s\n' "$line" >&2
	done
}

fail() {
	complain "$@"
	exit 1
}

dry() { [ "${SETUP_DRY_RUN:-0}" != 0 ]; }

# logged COMMAND... keeps the output of a command for show_log, and shows it when
# the command fails.
logged() {
	if dry; then
		say "would run: $*"
		return 0
	fi
	if "$@" >"$work/command.log" 2>&1 </dev/null; then
		return 0
	fi
	show_log "$work/command.log"
	return 1
}

show_log() { tail -n 30 "$1" | sed 's/^/  | /' >&2; }

# as_root COMMAND... runs a command as root, by sudo where needed.
as_root() { logged ${sudo:+$sudo} "$@"; }

# find_sudo sets sudo to what goes before a command that needs root.
find_sudo() {
	sudo=''
	[ "$(id -u)" != 0 ] || return 0
	command -v sudo >/dev/null 2>&1 ||
		fail "Installing needs root, and sudo is not there. Run setup/setup.sh as root, or install yourself: $missing_apt"
	sudo=sudo
	# Without a terminal nobody can type a password: let sudo fail and say so.
	[ -t 0 ] || sudo='sudo -n'
	dry && return 0
	# sudo asks for the password here, where its question can be seen.
	$sudo true || fail "Installing needs root, and sudo refused (see above). Run setup/setup.sh as root or in a terminal," \
		"or install yourself: $missing_apt"
}

# without_solvers says how to go on without what is missing.
without_solvers() {
	[ -n "$missing_tags" ] || return 0
	tags=$(printf '%s' "$missing_tags" | tr ' ' ',')
	printf 'To go on without it: make build TAGS=%s (or go build -tags %s ./...); solving then needs another backend.' "$tags" "$tags"
}

# fail_unknown says what to install on a system this script has no way for.
fail_unknown() {
	complain "This script installs by apt (Debian, Ubuntu) and by Homebrew (macOS); this is $(uname -s) without them." \
		"Please install by the means of your system: $(names_on_a_line)."
	if lacks libhighs-dev; then
		complain "HiGHS (https://highs.dev) is needed as a library with its headers." \
			"Where no package has it, git, cmake and a C++ compiler do: setup/setup.sh source"
	fi
	fail "Libraries in folders of their own are found by CGO_CFLAGS=-I... and CGO_LDFLAGS=-L..." "$(without_solvers)"
}

# lacks PACKAGE tells whether a package is among the missing.
lacks() {
	case " $missing_apt " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

names_on_a_line() { printf '%s' "$missing_names" | awk 'NR > 1 { printf ", " } { printf "%s", $0 }'; }

install_missing() {
	case $(uname -s) in
	Darwin) install_by_brew ;;
	*)
		if command -v apt-get >/dev/null 2>&1; then
			install_by_apt
		elif [ "$from_source" = yes ] && lacks libhighs-dev; then
			build_highs
		else
			fail_unknown
		fi
		;;
	esac
}

main() {
	mode=install with_extras=no from_source=no
	for word in "$@"; do
		case $word in
		check) mode=check ;;
		test) with_extras=yes ;;
		source) from_source=yes ;;
		help | -h | --help)
			sed -n '2,/^$/{/^#/s/^# \{0,1\}//p;}' "$0"
			return 0
			;;
		*)
			complain "unknown word '$word'; setup/setup.sh help lists the words"
			return 2
			;;
		esac
	done

	say "set-up: what bilevel needs on this machine"
	go_there=yes
	check_go || go_there=no
	survey
	[ "$go_there" = yes ] || complain "$go_remedy"
	if [ "$mode" = check ]; then
		[ -z "$missing_names" ] || complain "missing: $(names_on_a_line); setup/setup.sh installs what is missing"
		[ -z "$missing_names" ] && [ "$go_there" = yes ]
		return
	fi
	[ "$go_there" = yes ] || return 1
	if [ -z "$missing_names" ]; then
		install_wishes
		return 0
	fi

	install_missing
	install_wishes
	dry && return 0
	say "set-up: looking again"
	survey
	[ -z "$missing_names" ] && return 0
	show_log "$work/probe.log"
	fail "still missing: $(names_on_a_line)" "(the compiler's messages are above)" "$(without_solvers)"
}

work=$(mktemp -d "${TMPDIR:-/tmp}/bilevel-setup.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# shellcheck source=needs.sh
. "$here/needs.sh"
# shellcheck source=probe.sh
. "$here/probe.sh"
# shellcheck source=golang.sh
. "$here/golang.sh"
# shellcheck source=apt_entry.sh
. "$here/apt_entry.sh"
# shellcheck source=debian.sh
. "$here/debian.sh"
# shellcheck source=brew.sh
. "$here/brew.sh"
# shellcheck source=highs_source.sh
. "$here/highs_source.sh"
main "$@"
