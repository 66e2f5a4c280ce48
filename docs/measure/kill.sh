#!/usr/bin/env bash
# How long a killed replica is still listed in the discovery file, and how long until its successor is.
# usage: docs/measure/kill.sh [times] [service] [state folder]
# Before: dotnet run -c Release --project HighAvail.AppHost, in another terminal, until everything is healthy.
# The file is looked at every 5 ms. Half a minute passes between two kills, so that every restart is a first one, without back-off.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

times=${1:-3}
service=${2:-orders}
state=${3:-HighAvail.AppHost/.highavail}
discovery=$state/run/discovery/services.json

now() { echo "${EPOCHREALTIME/[.,]/}"; } # microseconds
field() { sed -nE "s/.*\"$1\": ?\"?([^\",}]*).*/\1/p" "$state/host.json"; }

# How many replicas of the service the file lists; no process is started for it.
listed() {
    local text=
    IFS= read -r -d '' text <"$discovery" || true
    [[ $text == *"\"$service\":{"* ]] || { count=0; return; }
    text=${text#*"\"$service\":{"}
    text=${text%%\}*}
    local without=${text//https:\/\//}
    count=$(((${#text} - ${#without}) / 8))
}

pause() { read -r -t 0.005 <&3 || true; }

# Waits until so many are listed, for 30 s at most, and sets `reached`.
until_listed() {
    local deadline=$(($(now) + 30000000))
    listed
    while ((count != $1)); do
        reached=$(now)
        ((reached < deadline)) || { echo "$count listed instead of $1." >&2; exit 1; }
        pause
        listed
    done
    reached=$(now)
}

# Nothing ever comes out of this; reading from it with a time limit is a sleep without a process.
quiet=$(mktemp -u)
mkfifo "$quiet"
exec 3<>"$quiet"
rm "$quiet"

listed
all=$count
for ((time = 1; time <= times; time++)); do
    ((time == 1)) || sleep 35
    until_listed "$all"
    process=$(curl -fsS -H "X-Api-Key: $(field apiKey)" "$(field controlUrl)/api/resources/$service-0" | tr -d ' \n' |
        sed -nE "s/.*\"name\":\"$service-0\",[^{}]*\"processId\":([0-9]+).*/\1/p")
    killed=$(now)
    kill -KILL "$process"
    until_listed $((all - 1))
    out=$((reached - killed))
    until_listed "$all"
    back=$((reached - killed))
    echo "$service-0: out of discovery after $((out / 1000)) ms, ready again after $((back / 1000)) ms"
done
