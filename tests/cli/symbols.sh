#!/bin/sh
# symbols.sh NM LIBRARY: every external symbol of the library starts with gw_, and so does the name of every critical
# section of OpenMP, which all libraries of a process share. Two leading underscores are the compiler's own (sanitizers).
set -eu
symbols=$("$1" --extern-only --defined-only --format=posix "$2" | awk 'NF >= 2 && $1 !~ /:$/ { print $1 }')
printf '%s\n' "$symbols" | grep -q '^gw_' || {
    echo "no symbol of goodwill found in $2"
    exit 1
}
if printf '%s\n' "$symbols" | grep -vE '^(gw_|__|\.gomp_critical_user_gw_)' | LC_ALL=C sort -u | grep .; then
    echo "^ external symbols without the prefix gw_: make them static, or name them gw_..."
    exit 1
fi
