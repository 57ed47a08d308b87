#!/bin/sh
# vectorised.sh ROOT COMMANDS LIST COMPILER-ID BUILD-TYPE: the kernels of LIST are compiled to AVX2 instructions on
# eight floats at a time. Prints every one that is not; exit status 1 if any, 77 (skipped) where nothing can be said.
#
# A line of LIST is FILE FUNCTION [LOOPS]: the source under ROOT, a function of it or of models/rule.h, and how many of
# the function's `for` loops have to be vectorised; all of them unless said. `#` starts a comment.
#
# Method. Kernels are static and inlined into the steps, so that the objects have no symbols to look for. The compiler
# itself knows: each FILE is compiled again by the very command that made its x86-64-v3 object (from COMMANDS, cmake's
# compile_commands.json), to nowhere, with -fopt-info-vec-optimized. gcc then reports "FILE:LINE:COLUMN: optimized: loop
# vectorized using 32 byte vectors" for the line of the `for`, wherever the loop was inlined; the sources say in which
# function that line is, as a function starts with its name at the margin and ends with `}` at the margin. Where
# several copies of a loop were inlined, one vectorised copy satisfies the test.
set -eu
root=$1 commands=$2 list=$3 compiler=$4 build=$5

skip() {
    echo "skipped: $1"
    exit 77
}
[ "$compiler" = GNU ] || skip "the report is gcc's, the compiler is $compiler"
[ "$build" = Release ] || skip "only a Release build is optimised, this is $build"
[ -f "$commands" ] || skip "no $commands"
grep -q 'GW_ISA=v3' "$commands" || skip "no build for x86-64-v3 on this machine"

# The command that compiles FILE for v3, its output thrown away.
command_of() {
    awk -v file="$root/$1" '
        /^[ \t]*"command":/ && /GW_ISA=v3/ && index($0, " " file "\"") {
            sub(/^[ \t]*"command": "/, ""); sub(/",?$/, ""); gsub(/\\"/, "\""); gsub(/\\\\/, "\\")
            print; exit
        }' "$commands" | sed 's| -o [^ ]*| -o /dev/null -fopt-info-vec-optimized|'
}

# Reads the report, then the sources; names the kernels of `file` in LIST that fall short.
judge() {
    awk -v file="$1" '
        function base(path) { sub(/.*\//, "", path); return path }
        FILENAME == "-" {
            if (/optimized: loop vectorized using 32 byte vectors/) {
                split($0, part, ":")
                vectorised[base(part[1]) ":" part[2]] = 1
            }
            next
        }
        FILENAME == ARGV[ARGC - 1] {
            sub(/#.*/, "")
            if ($1 != file) next
            if (!($2 in loops)) { print file ": no function " $2 " with a loop"; next }
            want = NF > 2 ? $3 : loops[$2]
            if (done[$2] + 0 < want)
                print file ": " $2 ": " done[$2] + 0 " of " loops[$2] " loops vectorised, " want " wanted"
            next
        }
        FNR == 1 { name = "" }
        /^[A-Za-z_].*\(/ && !/;[ \t]*$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
        /^}/ { name = "" }
        name != "" && /^[ \t]+for \(/ { loops[name]++; done[name] += ((base(FILENAME) ":" FNR) in vectorised) }
    ' - "$root/models/rule.h" "$root/$1" "$list"
}

files=$(awk '{ sub(/#.*/, "") } NF { print $1 }' "$list" | sort -u)
[ -n "$files" ] || { echo "no kernels in $list"; exit 1; }
breaches=$(
    for file in $files; do
        compile=$(command_of "$file")
        if [ -z "$compile" ]; then
            echo "$file: not compiled for v3"
        elif report=$(sh -c "$compile" 2>&1); then
            printf '%s\n' "$report" | judge "$file"
        else
            printf '%s: does not compile:\n%s\n' "$file" "$report"
        fi
    done
)
if [ -n "$breaches" ]; then
    printf '%s\n' "$breaches"
    echo "^ why: add -fopt-info-vec-missed to the command of the file; a kernel that is gone leaves $list"
    exit 1
fi
