#!/usr/bin/env bash
# machine-podman.sh [CMD [ARG...]] – machine-systemd.sh, on which root has Podman (with runc) and so has user alice (uid 1777: rootless, with crun),
# each behind a podman.socket. The image `usr` is empty but for links into /usr: run it with `-v /usr:/usr:ro`. There is no network:
# containers want `--network none`.
set -euo pipefail
export MACHINE_PACKAGES='podman crun runc uidmap dbus-user-session' MACHINE_SETUP='
  useradd --create-home --uid 1777 alice
  mkdir -p /tmp/usr/{usr,run/spiffe,tmp}; for d in bin lib lib64; do ln -s usr/$d /tmp/usr/$d; done
  tar -C /tmp/usr -cf /tmp/usr.tar .
  cd /
  # What the defaults ask for is more than a jail may give.
  printf "[containers]\ndefault_ulimits=[\"nofile=1024:1024\",\"nproc=4096:4096\"]\npids_limit=0\n" > /etc/containers/containers.conf
  printf "[storage]\ndriver=\"vfs\"\ngraphroot=\"/var/lib/containers/storage\"\nrunroot=\"/run/containers/storage\"\n" > /etc/containers/storage.conf
  printf "#!/bin/sh\ncd /; exec podman --runtime runc \"\$@\"\n" > /usr/bin/podman-root
  printf "#!/bin/sh\ncd /; exec runuser -u alice -- env HOME=/home/alice XDG_RUNTIME_DIR=/run/user/1777 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1777/bus \"\$@\"\n" > /usr/bin/as-alice
  chmod 0755 /usr/bin/podman-root /usr/bin/as-alice
  systemctl start podman.socket
  loginctl enable-linger alice
  until [ -S /run/user/1777/bus ]; do sleep 0.05; done
  as-alice systemctl --user start podman.socket
  podman-root import -q /tmp/usr.tar usr:1; as-alice podman import -q /tmp/usr.tar usr:1'
exec "$(dirname "$0")/machine-systemd.sh" "$@"
