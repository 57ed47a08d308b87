#!/bin/sh
# fingerprints.sh PROGRAM TREE: three replications of every lesson, as shipped and turned, give what the page of claims
# was written with; and the page has a section for each. So no lesson and no rule changes without the page.
set -eu
cd "$2"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" lesson --fingerprint >"$folder/now"
sed -n 's/^<!-- fingerprint \(.*\) -->$/\1/p' docs/claims.md >"$folder/page"
if ! diff -u "$folder/page" "$folder/now" >&2; then
    echo "docs/claims.md is out of date. To write it again:" >&2
    echo "goodwill lesson --all --directory docs/lessons --page docs/claims.md" >&2
    exit 1
fi
