#!/usr/bin/env bash
# kubelet-record.sh DIR – records into DIR what a real kubelet says of the pods of tests/E2E/Kubernetes (pods.json) and the cgroups that they have
# (cgroups.txt). There are no secrets in it: the pods have no token but a projected one, whose place is all that their kubelet says of it.
set -euo pipefail
(($# == 1)) || { echo "usage: ${0##*/} DIR" >&2; exit 64; }
here=$(cd "$(dirname "$0")" && pwd) directory=$(realpath "$1")
"$here/kubelet.sh" bash -euc '
  "$1/kubelet-pods.sh"
  sleep 2 # The kubelet lists what its last look at the runtime found, and looks once a second.
  pki=/run/node/pki
  curl -fsS --cacert $pki/ca.crt --cert $pki/agent.crt --key $pki/agent.key https://127.0.0.1:10250/pods >"$2/pods.json"
  find /sys/fs/cgroup/kubepods -type d -printf "/kubepods/%P\n" | sort >"$2/cgroups.txt"' - "$here" "$directory"
