#!/usr/bin/env bash
# How long a start takes, until everything is healthy, and how long a stop: as seen from the shell, with `dotnet run`.
# usage: docs/measure/start.sh [runs]
# Before: dotnet build HighAvail.AppHost -c Release
# It uses a state folder of its own and free ports, so it disturbs no other instance. The first run also creates the databases.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

runs=${1:-5}
work=$(mktemp -d)
chmod 755 "$work" # a root shell runs Postgres as another user
host=
finish() {
    [[ -z $host ]] || kill "$host" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

now() { echo "${EPOCHREALTIME/[.,]/}"; } # microseconds
seconds() { awk -v us="$1" 'BEGIN { printf "%.2f", us / 1e6 }'; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

for ((run = 0; run <= runs; run++)); do
    mkfifo "$work/output"
    began=$(now)
    dotnet run --no-build -c Release --project HighAvail.AppHost -- \
        --DcpPublisher:RandomizePorts=true "--HighAvail:StateDirectory=$work/state" >"$work/output" 2>&1 &
    runner=$!

    : >"$work/log"
    exec 3<"$work/output"
    healthy=
    while IFS= read -r -t 120 line <&3; do
        echo "$line" >>"$work/log"
        if [[ $line == "All resources are healthy"* ]]; then
            healthy=$(now)
            break
        fi
    done
    if [[ -z $healthy ]]; then
        kill "$runner" 2>/dev/null || true
        cat "$work/log"
        echo "It did not become healthy." >&2
        exit 1
    fi

    cat <&3 >>"$work/log" &
    host=$(sed -nE 's/.*"processId": ?([0-9]+).*/\1/p' "$work/state/host.json")
    sleep 3 # until the dashboard is there, which starts when everything else is healthy
    stopping=$(now)
    kill -TERM "$host"
    wait "$runner" || true
    stopped=$(now)
    host=
    exec 3<&-
    rm "$work/output"

    start=$(seconds $((healthy - began)))
    stop=$(seconds $((stopped - stopping)))
    if ((run == 0)); then
        cat "$work/log"
        echo "first run, with the databases to be created: start $start s, stop $stop s"
    else
        echo "run $run: start $start s, stop $stop s"
        echo "$start" >>"$work/starts"
        echo "$stop" >>"$work/stops"
    fi
done

if ((runs > 0)); then
    cat "$work/log"
    echo "median of $runs: start $(median <"$work/starts") s, stop $(median <"$work/stops") s"
fi
