#!/usr/bin/env bash
# kubelet.sh [CMD [ARG...]] – starts a Kubernetes node in a jail (etcd, kube-apiserver, containerd, kubelet; kubernetes-build.sh says where from) and
# runs CMD on it once the node is Ready; without CMD, a shell on a terminal, else `ready PID` until standard input is closed (PID is what enter.sh
# wants). On the node, which is gone with the jail:
#   /run/node/kubectl          as administrator. There is no scheduler and no controller: pods name their node, `node`, and are made one by one.
#                              Images are made by image.sh, in containerd's namespace k8s.io; a pod that wants programs mounts the node's /usr.
#   /run/node/pki              ca.crt, and NAME.crt and NAME.key for admin, agent (a client of the kubelet's), kubelet, apiserver
#   /run/node/static           where the kubelet looks for static pods
#   /run/node/kubelet.pid      of the kubelet. One that ends stays so: where cgroup2 has no controllers it would not start beside its own cgroups.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need containerd ctr runc openssl gcc curl
programs=$("$harness/kubernetes-build.sh")
leader=''
jail_open
log=$(mktemp)
trap 'stop; jail_close; rm -f "$log"' EXIT

find_leader() { leader=$(jail_first); }
node_ready() { "$harness/enter.sh" "$leader" test -e /run/node/ready 2>/dev/null || { [ ! -d "/proc/$leader" ] && exit 1; }; }
gone() { [ ! -d "/proc/$leader" ]; }
stop() {
  trap '' INT TERM HUP
  [ -z "$leader" ] || { kill -s TERM "$leader" 2>/dev/null && within 10 gone || :; }
}

jail_start "$log" bash "$harness/kubelet-node.sh" "$programs"
{ within 10 find_leader && within 180 node_ready; } || { tail -n 60 "$log" >&2; fail "the node is not ready"; }
hold "$leader" "$@"
