#!/usr/bin/env bash
# rootfs.sh [PACKAGE...] – prints the directory of a Debian 12 system with systemd as PID 1, and with these packages. Made once by debootstrap
# (under a minute) and, for the packages, apt in a copy of it (20 s), outside the repository.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
packages=systemd,systemd-sysv,dbus,libpam-systemd,procps,iproute2,ca-certificates,libssl3
cache=${SPIFFE_AGENT_E2E_CACHE:-/var/cache/spiffe-agent-e2e}
# The name changes with the list, so that a machine with an older system makes the new one.
name() { echo "$cache/bookworm-$(sha256sum <<<"$*" | cut -c1-12)"; }
root=$(name "$packages")

need debootstrap flock
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if [ ! -d "$root" ]; then
  rm -rf "$root.new"
  debootstrap --variant=minbase --include="$packages" bookworm "$root.new" >"$cache/debootstrap.log" 2>&1 ||
    { tail -n 20 "$cache/debootstrap.log" >&2; rm -rf "$root.new"; fail "debootstrap failed, see $cache/debootstrap.log"; }
  rm -rf "$root.new"/var/cache/apt/archives/*.deb "$root.new"/var/lib/apt/lists/*
  rm -f "$root.new/etc/machine-id" "$root.new/etc/hostname"
  mv "$root.new" "$root"
fi
(($#)) || { echo "$root"; exit; }

# debootstrap does not know how to configure every package; apt does.
with=$(name "$packages" "$@")
if [ ! -d "$with" ]; then
  rm -rf "$with.new"
  cp -a --reflink=auto "$root" "$with.new"
  # Nothing starts in a system that does not run.
  printf '#!/bin/sh\nexit 101\n' > "$with.new/usr/sbin/policy-rc.d"; chmod 0755 "$with.new/usr/sbin/policy-rc.d"
  { cp /etc/resolv.conf "$with.new/etc/resolv.conf" && chroot "$with.new" env DEBIAN_FRONTEND=noninteractive bash -euc '
      apt-get update -qq; apt-get install -qq --no-install-recommends "$@"; apt-get clean' - "$@"; } >"$cache/apt.log" 2>&1 ||
    { tail -n 20 "$cache/apt.log" >&2; rm -rf "$with.new"; fail "apt failed, see $cache/apt.log"; }
  rm -rf "$with.new"/var/lib/apt/lists/*; rm -f "$with.new/usr/sbin/policy-rc.d" "$with.new/etc/machine-id"
  mv "$with.new" "$with"
fi
echo "$with"
