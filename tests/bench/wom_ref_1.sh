#!/bin/sh
# wom_ref_1.sh GOODWILL WORKLOAD: `goodwill bench wom-ref-1` finds the workload's program beside it, and says so where
# there is none.
set -eu
goodwill=$1 workload=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/both" "$folder/one"
cp "$goodwill" "$workload" "$folder/both"
cp "$goodwill" "$folder/one"

fail() {
    echo "$1"
    exit 1
}

# Without the other engines' programs beside it, only goodwill is measured.
"$folder/both/goodwill" bench wom-ref-1 --size 1000 --runs 1 --json >"$folder/out.json" || fail "it fails"
for word in '"passed": true' '"customers": 1000' '"name": "goodwill"' '"attitude": '; do
    grep -qF "$word" "$folder/out.json" || fail "$word is not in its answer"
done

status=0
"$folder/both/goodwill" bench wom-ref-1 --size much 2>"$folder/message" || status=$?
[ "$status" -eq 2 ] || fail "a wrong size: status $status"
grep -q 'goodwill bench wom-ref-1: --size' "$folder/message" || fail "a wrong size: no word of it"

status=0
"$folder/one/goodwill" bench wom-ref-1 2>"$folder/message" || status=$?
[ "$status" -eq 1 ] || fail "without the program: status $status"
grep -q 'goodwill-wom-ref-1 cannot be started' "$folder/message" || fail "without the program: no word of it"
