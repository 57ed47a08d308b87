# shellcheck shell=sh disable=SC2154
# Read by ./run and ./check, which set `root` to the folder of the sources: packages, configure, build.
# Nothing here needs git, or the network once the packages are installed.

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$(basename -- "$0"): $*"
    exit 1
}

# quietly LOG COMMAND...: the command's output goes to LOG, whose end is shown when it fails.
quietly() {
    log=$1
    shift
    "$@" >"$log" 2>&1 && return 0
    status=$?
    tail -n 60 "$log" >&2
    say "failed: $*"
    say "(all of its output: $log)"
    return "$status"
}

# missing_packages PROFILES: what debian/control asks for and this machine lacks; nothing when it has all.
missing_packages() {
    if command -v dpkg-checkbuilddeps >/dev/null; then
        LC_ALL=C DEB_BUILD_PROFILES=$1 dpkg-checkbuilddeps "$root/debian/control" 2>&1 |
            sed 's/.*[Uu]nmet build dependencies: //'
    else
        echo build-essential and the packages in debian/control
    fi
}

# install_packages PROFILES: installs what is missing, as root or through sudo.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "No apt-get here: taking the compiler and the libraries of debian/control as installed."
        return 0
    fi
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    install="env DEBIAN_FRONTEND=noninteractive DEB_BUILD_PROFILES=$1
        apt-get -y -o DPkg::Lock::Timeout=120 --no-install-recommends"
    by_hand="apt-get update && DEB_BUILD_PROFILES=$1 apt-get build-dep --no-install-recommends '$root/'"
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            die "missing: $missing. There is no sudo, so run this as root first: $by_hand"
        as_root=sudo
    fi
    say "Installing $missing"
    # Unquoted on purpose: both are lists of words.
    # shellcheck disable=SC2086
    if ! quietly "$root/build/install.log" $as_root $install update ||
        ! quietly "$root/build/install.log" $as_root $install build-dep "$root/"; then
        die "the packages could not be installed. To do it by hand, as root: $by_hand"
    fi
}

# prepare PROFILES: the folder build/ and all packages.
prepare() {
    mkdir -p "$root/build"
    [ -w "$root/build" ] || die "$root/build belongs to someone else: remove it or work in a copy of the sources"
    install_packages "$1"
}

# configured PRESET: whether build/PRESET was configured to its end, and from this folder.
configured() {
    [ -f "$root/build/$1/build.ninja" ] &&
        grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$root/build/$1/CMakeCache.txt"
}

# configure PRESET [OPTION]...
configure() {
    preset=$1
    shift
    configured "$preset" || rm -rf "$root/build/$preset"
    mkdir -p "$root/build/$preset"
    quietly "$root/build/$preset/configure.log" cmake -S "$root" --preset "$preset" "$@"
}

# build PRESET [TARGET]: with Ninja's one moving line on a terminal, silent elsewhere.
build() {
    build=$root/build/$1
    if [ -t 2 ]; then
        NINJA_STATUS="Building ($1): %f of %t  " cmake --build "$build" --target "${2:-all}" >&2
    else
        quietly "$build/build.log" cmake --build "$build" --target "${2:-all}"
    fi
}
