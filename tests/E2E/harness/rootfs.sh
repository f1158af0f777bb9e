#!/usr/bin/env bash
# rootfs.sh [PACKAGE...] – prints the directory of a Debian 12 system with systemd as PID 1, and with these packages. Made once by debootstrap
# (under a minute), outside the repository.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
packages=systemd,systemd-sysv,dbus,libpam-systemd,procps,iproute2,ca-certificates,libssl3
for package; do packages+=,$package; done
cache=${SPIFFE_AGENT_E2E_CACHE:-/var/cache/spiffe-agent-e2e}
# The name changes with the list, so that a machine with an older system makes the new one.
root=$cache/bookworm-$(sha256sum <<<"$packages" | cut -c1-12)

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
echo "$root"
