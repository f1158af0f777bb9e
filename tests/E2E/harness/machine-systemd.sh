#!/usr/bin/env bash
# machine-systemd.sh [CMD [ARG...]] – boots a Debian 12 machine with systemd 252 as PID 1 in a jail and runs CMD in it; without CMD, a shell
# on a terminal, else `ready PID` until standard input is closed (PID is what enter.sh wants). The machine sees, read-only, the repository's
# packaging/ and examples/ as /srv/packaging and /srv/examples, and artifacts/ as /srv/artifacts. What it writes lives in memory and is gone with it.
# MACHINE_PACKAGES: Debian packages that it has besides. MACHINE_SETUP: lines of shell that run in it before CMD.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need systemd-nspawn
root=$("$harness/rootfs.sh" ${MACHINE_PACKAGES:-})
leader=''
jail_open
log=$(mktemp)
trap 'stop; jail_close; rm -f "$log"' EXIT

# Runs as pid 1 of the jail: an overlay above the cached system, its upper layer in memory, both seen only here.
boot='
  mount -t tmpfs -o mode=0755 tmpfs /mnt; mkdir /mnt/upper /mnt/work /mnt/root
  mount -t overlay -o lowerdir="$1",upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
  mkdir -p "$2/artifacts"
  # Its own seccomp filter knows no system call younger than itself; the units bring filters of their own.
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_SECCOMP=0
  systemd-nspawn -q -D /mnt/root -M e2e --register=no --keep-unit --private-network --capability=all --console=read-only \
    --bind-ro="$2/packaging:/srv/packaging" --bind-ro="$2/examples:/srv/examples" --bind-ro="$2/artifacts:/srv/artifacts" \
    --boot systemd.mask=systemd-machine-id-commit.service systemd.mask=systemd-networkd.service &
  wait'

find_leader() { leader=$(head -n 1 "$jail/init/payload/init.scope/cgroup.procs" 2>/dev/null) && [ -n "$leader" ]; }
booted() { case $("$harness/enter.sh" "$leader" systemctl is-system-running 2>/dev/null) in running | degraded) ;; *) false ;; esac; }
gone() { [ ! -d "/proc/$jail_pid" ] || [ "$(ps -o stat= -p "$jail_pid")" = Z ]; }

# Asks systemd to halt; jail_close takes what is left.
stop() {
  trap '' INT TERM HUP
  [ -z "$leader" ] || { kill -s RTMIN+4 "$leader" 2>/dev/null && within 10 gone || :; }
}

jail_start "$log" bash -euc "$boot" - "$root" "$repository"
{ within 30 find_leader && within 60 booted; } || { tail -n 40 "$log" >&2; fail "the machine did not boot"; }
[ -z "${MACHINE_SETUP:-}" ] || "$harness/enter.sh" "$leader" bash -euc "$MACHINE_SETUP" >>"$log" 2>&1 || { tail -n 40 "$log" >&2; fail "the machine could not be set up"; }
hold "$leader" "$@"
