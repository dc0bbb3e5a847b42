# shellcheck shell=sh
# HiGHS from its source code, into /usr/local, for systems that do not package
# it: Ubuntu 24.04 is the one met most.

highs_version=1.10.0

# build_highs builds and installs HiGHS; git, cmake and a C++ compiler are there.
build_highs() {
	for tool in git cmake c++; do
		dry || command -v "$tool" >/dev/null 2>&1 ||
			fail "Building HiGHS from source needs $tool. Install it and run this set-up again." "$(without_solvers)"
	done
	find_sudo
	tree=${HIGHS_SOURCE:-https://github.com/ERGO-Code/HiGHS}
	say "building HiGHS from source ($tree) into /usr/local: about seven minutes of one processor"
	if [ ! -d "$tree" ]; then
		logged git clone --quiet --depth 1 --branch "v$highs_version" "$tree" "$work/highs" ||
			fail "HiGHS's source code could not be fetched from $tree (is the network up?)." \
				"A copy of it elsewhere is taken by HIGHS_SOURCE=FOLDER." "$(without_solvers)"
		tree=$work/highs
	fi
	{
		logged cmake -S "$tree" -B "$work/build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON \
			-DBUILD_TESTING=OFF -DBUILD_EXAMPLES=OFF -DCMAKE_INSTALL_PREFIX=/usr/local -DCMAKE_INSTALL_LIBDIR=lib &&
			logged cmake --build "$work/build" --parallel "$(processors)" &&
			as_root cmake --install "$work/build"
	} || fail "HiGHS could not be built (the messages are above)." "$(without_solvers)"
	# The loader of glibc looks up libraries in a cache; others have none to refresh.
	if [ "$(uname -s)" = Linux ]; then
		as_root ldconfig || true
	fi
}

processors() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1; }
