# shellcheck shell=sh
# Installing on macOS, by Homebrew.

install_by_brew() {
	if ! runs_program 'int main(void) { return 0; }' || ! command -v make >/dev/null 2>&1; then
		fail "The C compiler and make come with Apple's command line tools. Run: xcode-select --install" \
			"and then this set-up again."
	fi
	[ -n "$missing_brew" ] || return 0
	if ! command -v brew >/dev/null 2>&1; then
		fail "Homebrew, which installs what is missing on macOS ($missing_brew), is not there." \
			"Install it as https://brew.sh says and run this set-up again." "$(without_solvers)"
	fi
	if [ "$(id -u)" = 0 ]; then
		fail "Homebrew refuses to run as root. Run this set-up as your own user."
	fi
	say "installing by Homebrew: $missing_brew"
	# shellcheck disable=SC2086 # a list of formulas
	logged brew install $missing_brew ||
		fail "Homebrew could not install: $missing_brew (its messages are above; is the network up?)." "$(without_solvers)"
}
