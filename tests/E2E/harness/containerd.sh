#!/usr/bin/env bash
# containerd.sh [CMD [ARG...]] – starts containerd in a jail and runs CMD on the host it runs on; without CMD, a shell on a terminal, else
# `ready PID` until standard input is closed (PID is what enter.sh wants). /run and /var/lib of that host are memory of the jail alone, and so
# is all of containerd's data. There is no network. Containers need no image: `ctr run --rootfs DIR NAME CMD`; ctr's namespace is `default`.
#   /run/containerd.off        as long as this file is there, a containerd that has ended (/run/containerd.pid) is not started again
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need containerd ctr runc
leader=''
jail_open
log=$(mktemp)
trap 'stop; jail_close; rm -f "$log"' EXIT

# Runs as pid 1 of the jail and stays, to reap what containers leave behind.
daemon='
  for directory in /run /var/lib; do mount -t tmpfs -o mode=0755 tmpfs $directory; done
  mkdir -m 0700 /run/tmp; export TMPDIR=/run/tmp
  trap "exit 0" TERM
  while :; do
    if [ ! -e /run/containerd.off ]; then
      containerd & echo $! >/run/containerd.pid
      wait $! || :
    fi
    sleep 0.1
  done'

find_leader() { leader=$(jail_first); }
serving() { "$harness/enter.sh" "$leader" ctr version >/dev/null 2>&1; }
gone() { [ ! -d "/proc/$leader" ]; }
stop() {
  trap '' INT TERM HUP
  [ -z "$leader" ] || { kill -s TERM "$leader" 2>/dev/null && within 10 gone || :; }
}

jail_start "$log" bash -euc "$daemon"
{ within 10 find_leader && within 60 serving; } || { tail -n 40 "$log" >&2; fail "containerd did not start"; }
hold "$leader" "$@"
