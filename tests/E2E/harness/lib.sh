# Sourced by the scripts beside it. A jail is a throw-away cgroup2 subtree with cgroup, mount, network and pid namespaces of its own: what runs
# in it cannot move, see or outlive anything on the machine. Container runtimes and machines are started nowhere else.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
harness=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$harness/../../.." && pwd)
jail='' jail_pid=''

fail() { echo "${0##*/}: $*" >&2; exit 69; }

# need TOOL... – every tool that is missing, at once.
need() {
  local missing=() tool
  for tool; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  [ ${#missing[@]} -eq 0 ] || fail "missing: ${missing[*]}"
}

# within SECONDS CMD... – repeats CMD until it succeeds or the time is over.
within() {
  local end=$((SECONDS + $1)); shift
  until "$@"; do ((SECONDS < end)) || return 1; sleep 0.05; done
}

# jail_open – makes the cgroup and promises to remove it, whatever happens.
jail_open() {
  [ "$(id -u)" = 0 ] || fail "must be root"
  need unshare nsenter setpriv findmnt ip
  local cgroup2; cgroup2=$(findmnt -nro TARGET -t cgroup2 | head -n 1)
  [ -n "$cgroup2" ] || fail "no cgroup2 is mounted"
  # What a script leaves that was killed outright: its processes died with it, the empty cgroups did not.
  local stale
  for stale in "$cgroup2"/jail-*; do
    [ ! -d "$stale" ] || [ -d "/proc/${stale##*-}" ] || find "$stale" -depth -type d -exec rmdir {} + 2>/dev/null || :
  done
  jail=$cgroup2/jail-$$
  trap jail_close EXIT; trap 'exit 130' INT; trap 'exit 143' TERM HUP
  mkdir "$jail"
}

# jail_run CMD... – replaces the (sub)shell with CMD in the jail, where CMD is pid 1 and lives in the cgroup /init. It dies with this script.
jail_run() {
  echo "$BASHPID" > "$jail/cgroup.procs"
  exec setpriv --pdeathsig KILL unshare --cgroup --mount --net --ipc --propagation private bash -euc '
    ip link set lo up
    umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup
    mkdir /sys/fs/cgroup/init; echo $$ > /sys/fs/cgroup/init/cgroup.procs
    exec unshare --pid --fork --kill-child --mount-proc "$@"' - "$@"
}

# jail_start LOG CMD... – the same in the background.
jail_start() {
  local log=$1; shift
  ( trap - EXIT INT TERM HUP; jail_run "$@" ) </dev/null >"$log" 2>&1 &
  jail_pid=$!
}

# jail_first – prints, as this machine sees it, the process id of pid 1 of a jail that jail_start has started. Fails while there is none yet.
jail_first() {
  local pid
  # Only pid 1 is in /init and a child of what was started: whatever prepares the jail before it is outside.
  for pid in $(cat "$jail/init/cgroup.procs" 2>/dev/null); do
    if grep -qsx "PPid:[[:space:]]$jail_pid" "/proc/$pid/status"; then echo "$pid"; return; fi
  done
  return 1
}

# jail_close – ends every process of the jail and removes its cgroups; mounts and namespaces go with the last process.
jail_close() {
  trap '' INT TERM HUP
  [ -d "$jail" ] || return 0
  within 10 jail_kill || echo "${0##*/}: left behind: $jail" >&2
  [ -z "$jail_pid" ] || wait "$jail_pid" 2>/dev/null || :
}

jail_kill() {
  echo 1 > "$jail/cgroup.kill" 2>/dev/null || :
  find "$jail" -depth -type d -exec rmdir {} + 2>/dev/null
}

# hold PID [CMD...] – with CMD: runs it beside PID and ends with its status. On a terminal: a shell there. Otherwise says `ready PID` and
# holds the environment until its standard input is closed, so that it cannot outlive whoever started it.
hold() {
  local pid=$1; shift
  if (($#)); then "$harness/enter.sh" "$pid" "$@"
  elif [ -t 0 ]; then "$harness/enter.sh" "$pid" bash
  else
    echo "ready $pid"
    while read -r _; do :; done
  fi
}
