# shellcheck shell=sh
# The Go toolchain. It is checked and never installed: distributions package
# older ones, and which Go a machine has is its owner's choice.

# check_go prints the state of Go; where it does not do it fails, with the remedy
# in go_remedy.
check_go() {
	wanted=$(sed -n 's/^go \([0-9][0-9.]*\).*/\1/p' "$root/go.mod")
	go=${GO:-go}
	go_remedy="Take Go $wanted or newer from https://go.dev/dl and put its bin folder first on PATH."
	if ! command -v "$go" >/dev/null 2>&1; then
		say "  missing  Go $wanted or newer"
		for place in ${SETUP_GO_PLACES:-/usr/local/go/bin /usr/lib/go/bin "${HOME:-/root}/go/bin"}; do
			if [ -x "$place/go" ]; then
				go_remedy="Go is in $place, which is not on PATH. Run: export PATH=\"$place:\$PATH\""
			fi
		done
		return 1
	fi
	# Outside the module and with the local toolchain, or Go would fetch a newer one here.
	if ! found=$(cd / && GOTOOLCHAIN=local "$go" env GOVERSION 2>"$work/go.log"); then
		say "  broken   Go: '$go env GOVERSION' fails; at least $wanted is needed"
		show_log "$work/go.log"
		return 1
	fi
	found=${found#go}
	if version_at_least "$found" "$wanted"; then
		say "  there    Go $found (at least $wanted)"
		return 0
	fi
	choice=$(cd / && "$go" env GOTOOLCHAIN 2>/dev/null) || choice=local
	# Go 1.21 was the first that fetches the toolchain that go.mod names.
	if version_at_least "$found" 1.21 && [ "${choice:-local}" != local ]; then
		fetch_go
		return
	fi
	say "  too old  Go $found; at least $wanted is needed"
	go_remedy="$go_remedy
        (Go 1.21 and newer fetch it by themselves, unless GOTOOLCHAIN is 'local': go env -w GOTOOLCHAIN=auto)"
	return 1
}

# fetch_go lets an older Go fetch the one that go.mod names.
fetch_go() {
	if [ "$mode" = check ] || dry; then
		say "  there    Go $found (it fetches Go $wanted through the module proxy at the first build)"
		return 0
	fi
	say "  fetching Go $wanted through the module proxy, as Go $found is older"
	(cd "$root" && "$go" version) >"$work/go.log" 2>&1 && return 0
	show_log "$work/go.log"
	go_remedy="Go $found could not fetch Go $wanted (is the network up, and GOPROXY not off?). $go_remedy"
	return 1
}

# version_at_least A B compares dotted versions number by number, and takes what
# follows the digits, as in 1.27rc1, for nothing.
version_at_least() {
	awk -v a="$1" -v b="$2" 'BEGIN {
		split(a, x, "."); split(b, y, ".")
		for (i = 1; i <= 3; i++)
			if (x[i] + 0 != y[i] + 0) exit x[i] + 0 < y[i] + 0
		exit 0
	}'
}
