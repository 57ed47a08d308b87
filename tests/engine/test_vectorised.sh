#!/bin/sh
# test_vectorised.sh VECTORISED COMPILER COMPILER-ID BUILD-TYPE: vectorised.sh accepts a kernel that is vectorised, and
# names one that cannot be, one of which only part is, one that is gone, and a file that was never compiled.
set -eu
check=$1 compiler=$2 id=$3 build=$4
[ "$(uname -m)" = x86_64 ] || exit 77
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir "$tree/models"

cat >"$tree/models/rule.h" <<'END'
static inline void copy(float *restrict out, const float *restrict in, int n)
{
    for (int k = 0; k < n; k++) {
        out[k] = in[k] + 1.0f;
    }
}
END
cat >"$tree/models/sample.c" <<'END'
#include "rule.h"

void step(float *x, const float *y, int n);

static void straight(float *restrict x, const float *restrict y, int n)
{
    for (int k = 0; k < n; k++) {
        x[k] = x[k] * y[k] + 2.0f;
    }
}

/* Each needs the one before. */
static void chained(float *restrict x, const float *restrict y,
                    int n)
{
    for (int k = 1; k < n; k++) {
        x[k] = x[k - 1] * y[k] + 2.0f;
    }
}

static void both(float *restrict x, const float *restrict y, int n)
{
    for (int k = 0; k < n; k++) {
        x[k] += y[k];
    }
    for (int k = 1; k < n; k++) {
        x[k] = x[k - 1] / y[k];
    }
}

void step(float *x, const float *y, int n)
{
    straight(x, y, n);
    chained(x, y, n);
    both(x, y, n);
    copy(x, y, n);
}
END
cat >"$tree/commands.json" <<END
[
{
  "directory": "$tree",
  "command": "$compiler -DGW_ISA=v3 -O3 -march=x86-64-v3 -ffp-contract=off -std=c17 -o sample.o -c $tree/models/sample.c",
  "file": "$tree/models/sample.c"
}
]
END

run() {
    printf '%s\n' "$@" >"$tree/list.txt"
    sh "$check" "$tree" "$tree/commands.json" "$tree/list.txt" "$id" "$build"
}

status=0
run '# kernels' '' 'models/sample.c straight' 'models/sample.c both 1 # the sum' 'models/sample.c copy' || status=$?
[ $status -ne 77 ] || exit 77
[ $status -eq 0 ] || {
    echo "vectorised kernels are refused"
    exit 1
}

# refuses TEXT LINE: the list with this line added is refused, with this text.
refuses() {
    if found=$(run 'models/sample.c straight' "$2") || ! printf '%s\n' "$found" | grep -qF "$1"; then
        echo "not refused: $2"
        exit 1
    fi
}
refuses 'chained: 0 of 1 loops vectorised, 1 wanted' 'models/sample.c chained'
refuses 'both: 1 of 2 loops vectorised, 2 wanted' 'models/sample.c both'
refuses 'no function absent' 'models/sample.c absent'
refuses 'models/other.c: not compiled' 'models/other.c straight'
refuses 'copy: 1 of 1 loops vectorised, 2 wanted' 'models/sample.c copy 2'
if run '# nothing' >/dev/null; then
    echo "an empty list is accepted"
    exit 1
fi
status=0
sh "$check" "$tree" "$tree/commands.json" "$tree/list.txt" Clang "$build" >/dev/null || status=$?
[ $status -eq 77 ] || {
    echo "not skipped for another compiler"
    exit 1
}
