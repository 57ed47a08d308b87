#!/bin/sh
# reference.sh PROGRAM PAGE: the page of reference is what the program writes, byte for byte.
set -eu
if ! "$1" describe all --markdown | diff -u "$2" - >&2; then
    echo "$2 is out of date. To write it again: goodwill describe all --markdown > docs/reference.md" >&2
    exit 1
fi
