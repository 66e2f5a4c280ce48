#!/usr/bin/env bash
# What the running system costs while nobody asks it anything: CPU time and proportional memory of all its processes.
# usage: docs/measure/rest.sh [seconds] [state folder]
# Before: dotnet run -c Release --project HighAvail.AppHost, in another terminal, and half a minute of patience.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

duration=${1:-60}
state=${2:-HighAvail.AppHost/.highavail}
host=$(sed -nE 's/.*"processId": ?([0-9]+).*/\1/p' "$state/host.json")
ticks=$(getconf CLK_TCK)

# The app host and all below it, one id a line.
tree() {
    ps -e -o pid=,ppid= | awk -v root="$host" '
        { parent[$1] = $2 }
        END {
            for (id in parent) {
                for (up = id; up != "" && up != root; up = parent[up]) {}
                if (up == root) print id
            }
        }'
}

# Clock ticks used so far by each process, and by the children it has waited for: "id ticks name".
usage() {
    local id stat
    for id in $(tree); do
        stat=$(cat "/proc/$id/stat" 2>/dev/null) || continue
        # The name may hold spaces; what counts comes after its closing parenthesis.
        awk -v id="$id" -v name="$(tr '\0' ' ' <"/proc/$id/cmdline" | cut -c1-60)" '{ print id, $12 + $13 + $14 + $15, name }' <<<"${stat##*) }"
    done
}

before=$(usage)
sleep "$duration"
after=$(usage)

{
    while read -r id used name; do
        was=$(awk -v id="$id" '$1 == id { print $2 }' <<<"$before")
        pss=$(awk '$1 == "Pss:" { print $2 }' "/proc/$id/smaps_rollup" 2>/dev/null || true)
        echo "$((used - ${was:-0})) ${pss:-0} $id $name"
    done <<<"$after"
} | sort -rn | awk -v ticks="$ticks" -v duration="$duration" '
    {
        cpu += $1; memory += $2
        name = $0; sub(/^[0-9]+ [0-9]+ [0-9]+ /, "", name)
        printf "%6.2f %%  %7.1f MiB  %s\n", 100 * $1 / ticks / duration, $2 / 1024, name
    }
    END { printf "%6.2f %% of one core, %.0f MiB proportional memory, %d processes, over %d s\n", 100 * cpu / ticks / duration, memory / 1024, NR, duration }'
