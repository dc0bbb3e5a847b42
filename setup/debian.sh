# shellcheck shell=sh
# Installing by apt, on Debian, Ubuntu and their kin. What decides is what apt
# offers, never the name of the release: a machine that took HiGHS from trixie
# calls itself Debian 13 afterwards.

apt_folder=${SETUP_APT_FOLDER:-/etc/apt}
os_release=${SETUP_OS_RELEASE:-/etc/os-release}
fallback_suite=trixie
lock_timeout=120

install_by_apt() {
	find_sudo
	say "asking apt for: $missing_apt"
	refresh_lists
	sort_by_offer
	build=no
	if lacks libhighs-dev && [ "$from_source" = yes ]; then
		swap_for_source
	elif [ -n "$not_offered" ] && is_debian; then
		add_fallback_suite
		sort_by_offer
	elif [ "$not_offered" = libhighs-dev ]; then
		say "this release does not package HiGHS, so it is built from source"
		swap_for_source
	fi
	if [ -n "$not_offered" ]; then
		hint="Is the network up? On Ubuntu: is the component 'universe' enabled (sudo add-apt-repository universe)?"
		is_debian && hint='Is the network up?'
		fail "apt offers no $not_offered here." "$update_trouble" "$hint" "$(without_solvers)"
	fi
	if [ -n "$offered" ]; then
		apt_install "$offered" || retry_from_fallback || apt_failed "$offered"
	fi
	if [ -n "$offered_by_fallback" ]; then
		say "$offered_by_fallback comes from Debian $fallback_suite and may bring its newer C and C++ libraries along"
		apt_install "$offered_by_fallback" -t "$fallback_suite" || apt_failed "$offered_by_fallback"
	fi
	[ "$build" = no ] || build_highs
}

# install_wishes installs what only some tests need, where that asks for nothing:
# apt offers it, and no password is needed.
install_wishes() {
	[ -n "$wished_apt" ] && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 0
	for package in $wished_apt; do
		if [ -z "$(offered_priority "$package")" ]; then
			say "apt offers no $package here; the tests that need it are skipped"
		elif ! apt_install "$package"; then
			say "$package could not be installed; the tests that need it are skipped"
		fi
	done
}

# swap_for_source takes HiGHS out of the packages and what builds it in.
swap_for_source() {
	build=yes
	missing_apt=$(words "$(printf '%s' " $missing_apt " | sed 's/ libhighs-dev / /')")
	for pair in git:git cmake:cmake c++:g++; do
		command -v "${pair%%:*}" >/dev/null 2>&1 || missing_apt="$missing_apt ${pair#*:}"
	done
	# git needs the certificates to fetch by https, and bare systems lack them.
	[ -d "${HIGHS_SOURCE:-}" ] || missing_apt="$missing_apt ca-certificates"
	sort_by_offer
}

# retry_from_fallback serves machines whose libc came from the fallback suite
# before: libc6-dev, say, must then come from there too.
retry_from_fallback() {
	fallback_in_place || return 1
	say "that did not fit what came from Debian $fallback_suite before; taking it from there too"
	apt_install "$offered" -t "$fallback_suite"
}

# sort_by_offer splits missing_apt into offered, offered_by_fallback (only the
# suite added below has it) and not_offered.
sort_by_offer() {
	offered='' offered_by_fallback='' not_offered=''
	for package in $missing_apt; do
		priority=$(offered_priority "$package")
		if dry && [ "${fallback_added:-no}" = yes ] && [ -z "$priority" ]; then
			priority=100
		fi
		if [ -z "$priority" ]; then
			not_offered="$not_offered $package"
		elif [ "$priority" -le 100 ] && fallback_in_place; then
			offered_by_fallback="$offered_by_fallback $package"
		else
			offered="$offered $package"
		fi
	done
	offered=$(words "$offered")
	offered_by_fallback=$(words "$offered_by_fallback")
	not_offered=$(words "$not_offered")
}

# offered_priority PACKAGE prints the pin priority of the version that apt would
# install, or nothing where it has none.
offered_priority() {
	LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '
		$1 == "Candidate:" { candidate = $2; next }
		candidate == "" || candidate == "(none)" { next }
		{ version = $1; if (version == "***") version = $2 }
		version == candidate && $NF ~ /^-?[0-9]+$/ { print $NF; exit }'
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout="$lock_timeout" \
		-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# apt_install PACKAGES OPTIONS...
apt_install() {
	packages=$1
	shift
	say "installing: $packages"
	# shellcheck disable=SC2086 # a list of packages
	apt_get install -y --no-install-recommends "$@" $packages
}

apt_failed() {
	fail "apt-get could not install: $1 (its messages are above)." "$update_trouble" \
		"If they speak of a lock, another program is installing: wait for it and run this set-up again." \
		"If they speak of fetching or resolving, the network or the mirror is down." "$(without_solvers)"
}

# refresh_lists updates the package lists. A mirror that does not answer is only
# noted, as it may be one that has no part in this.
refresh_lists() {
	update_trouble=''
	update_lists || true
	dry || update_trouble=$(awk '/^[EW]: / && /Failed to fetch|resolve|lock|connect/ { print "apt-get update said: " $0; exit }' "$work/command.log")
}

# update_lists OPTIONS... waits for the lock on the lists by itself: apt's own
# timeout is for dpkg's lock.
update_lists() {
	waited=0
	until apt_get update "$@" 2>"$work/update.err"; do
		if ! grep -q 'Could not get lock' "$work/command.log" || [ "$waited" -ge "$lock_timeout" ]; then
			cat "$work/update.err" >&2
			return 1
		fi
		[ "$waited" -gt 0 ] || say "another program holds apt's lock; waiting up to $lock_timeout s"
		sleep 5
		waited=$((waited + 5))
	done
}

is_debian() { grep -q '^ID="\{0,1\}debian"\{0,1\}$' "$os_release" 2>/dev/null; }

# The files of the fallback suite; its entry has the format of the machine's own.
fallback_in_place() {
	[ "${fallback_added:-no}" = yes ] || [ -e "$apt_folder/sources.list.d/bilevel-$fallback_suite.sources" ] ||
		[ -e "$apt_folder/sources.list.d/bilevel-$fallback_suite.list" ]
}

# add_fallback_suite lets apt take packages from a newer Debian, from the mirror
# that the machine uses already, and pins it so low that nothing else comes from it.
add_fallback_suite() {
	fallback_in_place && return 0
	entry=$(own_entry)
	if [ -z "$entry" ]; then
		fail "apt offers no $not_offered, and no entry of a Debian mirror was found in $apt_folder to take it from $fallback_suite." \
			"$update_trouble" "$(without_solvers)"
	fi
	say "this Debian does not package $not_offered; adding the suite $fallback_suite, pinned at priority 100"
	case $entry in
	deb\ *) extension=list ;;
	*) extension=sources ;;
	esac
	entry_file=$apt_folder/sources.list.d/bilevel-$fallback_suite.$extension
	pin_file=$apt_folder/preferences.d/bilevel-$fallback_suite
	write_file "$pin_file" "Explanation: Only what Debian lacks here and bilevel needs ($not_offered) comes from $fallback_suite.
Explanation: Remove this file and $entry_file when the machine itself moves to $fallback_suite.
Package: *
Pin: release n=$fallback_suite
Pin-Priority: 100"
	write_file "$entry_file" "$entry"
	fallback_added=yes
	update_lists -o Dir::Etc::sourcelist="$entry_file" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 || true
	dry && return 0
	# apt-get update succeeds where a list could not be fetched: ask what it offers.
	for package in $not_offered; do
		if [ -z "$(offered_priority "$package")" ]; then
			show_log "$work/command.log"
			as_root rm -f "$entry_file" "$pin_file"
			fail "The lists of Debian $fallback_suite could not be fetched (apt's messages are above); the entry was removed again." \
				"$update_trouble" "Is the network up, and does the mirror hold $fallback_suite?" "$(without_solvers)"
		fi
	done
}

write_file() {
	if dry; then
		say "would write $1:"
		printf '%s\n' "$2" | sed 's/^/  | /'
		return 0
	fi
	say "writing $1"
	printf '%s\n' "$2" >"$work/file"
	as_root mkdir -p "$(dirname "$1")" && as_root cp "$work/file" "$1" && as_root chmod 644 "$1" || fail "$1 could not be written."
}
