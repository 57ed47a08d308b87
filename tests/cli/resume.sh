#!/bin/sh
# resume.sh PROGRAM: a run that is interrupted can be resumed with another number of replications, and then gives the
# results of a run that never stopped.
set -eu
goodwill=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >small.yaml <<'END'
goodwill: 1
horizon: 1 year
replications: 2000
population: {size: 2000, purchase_rate: 26}
firms: {us: {}, rival: {}}
focal: us
strategies: {as_now: {}, cheaper: {firms.us.price: 0.95}}
END

# Until one record at least stands behind the journal's header of 72 bytes.
"$goodwill" run small.yaml --quiet --threads 1 2>stopped.txt &
run=$!
tries=0
while [ ! -f small.h5.journal ] || [ "$(wc -c <small.h5.journal)" -le 72 ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$run" 2>/dev/null; then
        echo "no replication finished, or all of them:" >&2
        cat stopped.txt >&2
        exit 1
    fi
    sleep 0.1
done
kill -TERM "$run"
status=0
wait "$run" || status=$?
[ "$status" -eq 143 ] || { echo "stopped with status $status, not 143" >&2; exit 1; }
grep -q 'Continue with: ' stopped.txt

if "$goodwill" run small.yaml --quiet --resume --seed 2 2>/dev/null; then
    echo "a journal of another seed was taken" >&2
    exit 1
fi
"$goodwill" run small.yaml --quiet --resume --replications 3 >/dev/null 2>&1
"$goodwill" run small.yaml --quiet --replications 3 --output whole.h5 >/dev/null 2>&1
[ "$("$goodwill" fingerprint small.h5)" = "$("$goodwill" fingerprint whole.h5)" ] || {
    echo "the resumed run has other results" >&2
    exit 1
}
