#!/bin/sh
# test_structure.sh STRUCTURE: structure.sh accepts a lawful tree and names each breach planted in it.
set -eu
structure=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

# write FILE LINE...
write() {
    mkdir -p "$tree/$(dirname "$1")"
    file=$tree/$1
    shift
    printf '%s\n' "$@" >"$file"
}

lawful() {
    rm -rf "${tree:?}"/*
    write models/choice.c '#include "rule.h"'
    write tests/models/test_choice.c '#include "close.h"'
    write models/rule.h '#include "core/draws.h"' '#include <stddef.h>'
    write sim/core/draws.h '#include <stdint.h>'
    write sim/engine/period.c '#include "engine/period.h"' '#include "outcome/ledger.h"' '#include "models/rule.h"'
    write sim/cli/study.c '#include "output/figures.h"' '#include "experiment/compare.h"'
    write output/journal.c '#include "outcome/ledger.h"' '#include "scenario/scenario.h"'
    write output/figures.c '#include "outcome/dataset.h"' '#include "output/figures.h"'
    write bench/job/job.c '#include "bench/job/job.h"' '#include "engine/worker.h"'
    write bench/job/rules/buying.c '#include "rule.h"' '#include "sums.h"'
}

lawful
sh "$structure" "$tree" || {
    echo "a lawful tree is refused"
    exit 1
}

# refuses FILE LINE...: the lawful tree with this one file is refused, and the file named.
refuses() {
    lawful
    write "$@"
    if found=$(sh "$structure" "$tree") || ! printf '%s\n' "$found" | grep -qF "$1:1:"; then
        echo "not refused: $*"
        exit 1
    fi
}
refuses sim/core/status.c '#include "scenario/scenario.h"'
refuses sim/world/network.c '#include "engine/period.h"'
refuses sim/engine/replicate.c '  #  include "experiment/compare.h"'
refuses sim/experiment/sweep.c '#include "cli/run.h"'
refuses sim/engine/schedule.c '#include "schedule.h"'
refuses models/choice.c '#include <math.h>'
refuses models/choice.c '#include "engine/period.h"'
refuses models/billing.c '#include "rule.h"'
refuses output/journal.c '#include "engine/period.h"'
refuses output/figures.c '#include "scenario/scenario.h"'
refuses bench/job/job.c '#include "output/figures.h"'
refuses bench/job/rules/buying.c '#include "engine/period.h"'
refuses bench/job/rules/buying.c '#include <math.h>'
refuses sim/engine/period.c '#include "bench/job/job.h"'
rm -rf "${tree:?}"/*
if sh "$structure" "$tree" >/dev/null 2>&1; then
    echo "an empty tree is accepted"
    exit 1
fi
