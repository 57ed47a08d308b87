#!/bin/sh
# structure.sh ROOT: the shape of the source tree. Prints every breach as file:line: text; exit status 1 if any.
#   1. #include points one way: core <- models/rule.h <- scenario <- world <- outcome <- engine <- experiment <- cli.
#      analysis/ is mathematics: it sees core alone; outcome and all that sees outcome see it.
#      output/ sees up to outcome; what draws and summarises in it sees only outcome, as the reader of a run file does.
#      A workload in bench/ sees up to the engine, and its own headers.
#   2. A rule includes rule.h and nothing else: no library, no other rule, no engine. A rule of a workload may have a
#      header beside it.
#   3. Every rule has its test.
#   4. A rule's loops over consumers end at b->rows: what follows in a column is another segment's.
set -eu
cd "$1"

includes=$(find sim models output bench -name '*.[ch]' -exec grep -Hn '^[[:space:]]*#[[:space:]]*include' {} + | LC_ALL=C sort)
breaches=$(
    printf '%s\n' "$includes" | awk '
    BEGIN {
        see["core"] = "core"
        see["analysis"] = "core analysis"
        see["models"] = "core models"
        see["scenario"] = see["models"] " scenario"
        see["world"] = see["scenario"] " world"
        see["outcome"] = see["world"] " analysis outcome"
        see["engine"] = see["outcome"] " engine"
        see["experiment"] = see["engine"] " experiment output"
        see["cli"] = see["experiment"] " cli"
        see["main"] = see["cli"]
        see["output"] = see["outcome"] " output"
        see["bench"] = see["engine"] " bench"
        see["drawing"] = "core outcome output"
    }
    function part_of(file) {
        if (file ~ /^output\/(figure|answer|plot|summary|table|report)/) return "drawing"
        if (file ~ /^sim\/main\.c$/) return "main"
        sub(/^sim\//, "", file)
        sub(/\/.*/, "", file)
        return file
    }
    function sees(part, target,    list, i, n) {
        n = split(see[part], list, " ")
        for (i = 1; i <= n; i++) if (list[i] == target) return 1
        return 0
    }
    {
        file = $0; sub(/:.*/, "", file)
        part = part_of(file)
        if (file ~ /^bench\/.*\/rules\//) {
            if ($0 !~ /"[a-z_]+\.h"/) print $0 "   (a rule includes rule.h and headers beside it alone)"
        } else if (part == "models" && file ~ /\.c$/) {
            if ($0 !~ /"rule\.h"/) print $0 "   (a rule includes rule.h alone)"
        } else if ($0 ~ /"/) {
            target = $0; sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
            if (target !~ /\//) print $0 "   (name the part: \"part/file.h\")"
            else {
                sub(/\/.*/, "", target)
                if (!sees(part, target)) print $0 "   (" part " may not see " target ")"
            }
        }
    }'
    grep -Hn 'for (.*[a-z] < GW_BLOCK;' models/*.c | sed 's/$/   (loops over rows end at b->rows)/'
    for rule in models/*.c; do
        name=$(basename "$rule" .c)
        [ -f "tests/models/test_$name.c" ] || echo "$rule:1: tests/models/test_$name.c is missing"
    done
)
[ -n "$includes" ] || breaches="no source found under $1"
if [ -n "$breaches" ]; then
    printf '%s\n' "$breaches"
    exit 1
fi
