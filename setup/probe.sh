# shellcheck shell=sh
# Finds out what is there. A library counts as present when a program that uses
# it compiles, links and runs, however it came onto the machine.

# survey fills missing_names (one a line), missing_apt, missing_brew and
# wished_apt, prints
# a line for each need, and leaves what the compiler said in $work/probe.log.
survey() {
	missing_names='' missing_apt='' missing_brew='' missing_tags='' wished_apt=''
	: >"$work/probe.log"
	while IFS='|' read -r kind name probe apt brew tag why; do
		case $kind in
		extra | opened | wish) [ "$with_extras" = yes ] || continue ;;
		esac
		if reason=$(not_wanted "$kind" "$tag"); then
			say "  skipped  $name ($reason)"
		elif present "$kind" "$probe" </dev/null; then
			say "  there    $name"
		else
			say "  missing  $name: $why"
			if [ "$kind" = wish ]; then
				wished_apt="$wished_apt $apt"
				continue
			fi
			missing_names="$missing_names$name
"
			missing_apt="$missing_apt $apt"
			missing_brew="$missing_brew $brew"
			missing_tags="$missing_tags $tag"
		fi
	done <<END
$(needs)
END
	missing_apt=$(words "$missing_apt")
	missing_brew=$(words "$missing_brew")
	missing_tags=$(words "$missing_tags")
	wished_apt=$(words "$wished_apt")
}

# words LIST joins the words of a list by single spaces.
words() {
	# shellcheck disable=SC2086 # splitting is the purpose
	set -- $1
	printf '%s' "$*"
}

# not_wanted KIND TAG prints why this build does without a need, or fails.
not_wanted() {
	case $1 in
	compiler | library | opened)
		if [ "${CGO_ENABLED:-1}" = 0 ]; then
			printf 'CGO_ENABLED=0'
			return 0
		fi
		;;
	esac
	[ -n "$2" ] || return 1
	for chosen in $(printf '%s' "${SETUP_TAGS:-}" | tr ',' ' '); do
		if [ "$chosen" = "$2" ]; then
			printf 'the build tag %s is set' "$2"
			return 0
		fi
	done
	return 1
}

present() {
	case $1 in
	compiler) runs_program 'int main(void) { return 0; }' ;;
	library)
		# shellcheck disable=SC2086 # the probe is a list of words
		library_present $2
		;;
	opened) opened_present "$2" ;;
	*) command -v "$2" >/dev/null 2>&1 ;;
	esac
}

# library_present FOLDERS HEADER FUNCTION LIBRARIES
library_present() {
	flags=''
	for prefix in /usr /usr/local ${HOMEBREW_PREFIX:-/opt/homebrew}; do
		for folder in $(printf '%s' "$1" | tr ',' ' '); do
			flags="$flags -I$prefix/include/$folder"
		done
		# /usr/lib is left to the compiler, which knows the machine's own folder.
		[ "$prefix" = /usr ] || [ ! -d "$prefix/lib" ] || flags="$flags -L$prefix/lib"
	done
	for library in $(printf '%s' "$4" | tr ',' ' '); do
		flags="$flags -l$library"
	done
	# shellcheck disable=SC2086 # flags is a list of words
	runs_program "#include <$2>
int main(void) { return (void *)&$3 == (void *)0; }" $flags
}

# opened_present FILES tries to open each file where the dynamic linker finds it
# and in Homebrew's folders.
opened_present() {
	tries=0
	for folder in '' /usr/local/lib/ "${HOMEBREW_PREFIX:-/opt/homebrew}/lib/"; do
		for file in $1; do
			tries="$tries || dlopen(\"$folder$file\", RTLD_LAZY)"
		done
	done
	runs_program "#include <dlfcn.h>
int main(void) { return !($tries); }" -ldl
}

# runs_program SOURCE FLAGS... compiles, links and runs a C program with the
# compiler and the flags that cgo takes.
runs_program() {
	source=$1
	shift
	compiler=$(c_compiler) || return 1
	printf '%s\n' "$source" >"$work/probe.c"
	rm -f "$work/probe"
	# CC, CGO_CFLAGS and CGO_LDFLAGS are lists of words, as for go build.
	# shellcheck disable=SC2086
	$compiler ${CGO_CFLAGS:-} -o "$work/probe" "$work/probe.c" ${CGO_LDFLAGS:-} "$@" >>"$work/probe.log" 2>&1 &&
		"$work/probe" >>"$work/probe.log" 2>&1
}

# c_compiler prints the command that cgo calls: $CC, else gcc, clang or cc.
c_compiler() {
	if [ -n "${CC:-}" ]; then
		printf '%s' "$CC"
		return 0
	fi
	for candidate in gcc clang cc; do
		# macOS has a gcc that only asks to install the developer tools, so that
		# being on PATH proves nothing: the probe runs it.
		if command -v "$candidate" >/dev/null 2>&1; then
			printf '%s' "$candidate"
			return 0
		fi
	done
	return 1
}
