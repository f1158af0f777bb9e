#!/usr/bin/env bash
# dockerd.sh [CMD [ARG...]] – starts Docker's daemon in a jail and runs CMD on the host it runs on; without CMD, a shell on a terminal, else
# `ready PID` until standard input is closed (PID is what enter.sh wants). /run of that host and all of Docker's data are memory of the jail
# alone. There is no network: containers want `--network none` or `host`, images come from `docker build` FROM scratch, load or import.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need dockerd docker containerd runc
jail_open
log=$(mktemp)
trap 'stop; jail_close; rm -f "$log"' EXIT

# Runs as pid 1 of the jail and stays, to reap what containers leave behind.
daemon='
  mount -t tmpfs -o mode=0755 tmpfs /run
  export TMPDIR=/run/docker-tmp; mkdir -m 0700 $TMPDIR
  trap : TERM
  dockerd --data-root /run/docker-data --exec-root /run/docker-exec --pidfile /run/docker.pid --host unix:///run/docker.sock \
    --iptables=false --ip6tables=false --ip-forward=false --bridge=none &
  until wait $!; [ $? -lt 128 ] || ! kill -0 $!; do kill $!; done'

leader=''
find_leader() { leader=$(jail_first); }
serving() { "$harness/enter.sh" "$leader" docker version >/dev/null 2>&1; }
gone() { [ ! -d "/proc/$leader" ]; }

# Docker ends its containers first; jail_close takes what is left.
stop() {
  trap '' INT TERM HUP
  [ -z "$leader" ] || { kill -s TERM "$leader" 2>/dev/null && within 15 gone || :; }
}

jail_start "$log" bash -c "$daemon"
{ within 10 find_leader && within 60 serving; } || { tail -n 40 "$log" >&2; fail "Docker did not start"; }
hold "$leader" "$@"
