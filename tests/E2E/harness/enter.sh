#!/usr/bin/env bash
# enter.sh PID CMD [ARG...] – runs CMD in all the namespaces, the root directory and the cgroup of process PID: on that machine, so to say.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
(($# > 1)) || { echo "usage: ${0##*/} PID CMD [ARG...]" >&2; exit 64; }
pid=$1; shift
cgroup=$(sed -n 's/^0:://p' "/proc/$pid/cgroup" 2>/dev/null) || fail "no process $pid"
echo $$ > "$(findmnt -nro TARGET -t cgroup2 | head -n 1)$cgroup/cgroup.procs"
exec nsenter -t "$pid" -a -r -w env -i PATH="$PATH" TERM="${TERM:-dumb}" HOME=/root "$@"
