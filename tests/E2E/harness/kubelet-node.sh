#!/usr/bin/env bash
# kubelet-node.sh PROGRAMS – the first process of a node, for kubelet.sh alone. What it starts writes to memory that only the jail sees.
set -euo pipefail
harness=$(cd "$(dirname "$0")" && pwd)
programs=$1 node=/run/node address=192.0.2.1
for directory in /run /var/lib /var/log; do mount -t tmpfs -o mode=0755 tmpfs "$directory"; done
mkdir -p $node/{static,volumes,cni,tmp}
mkdir -m 0700 $node/pki
export TMPDIR=$node/tmp
cd $node

# A network of its own: the node has an address, the pods a bridge.
ip link add name node0 type bridge
ip address add $address/32 dev node0
ip link set node0 up
cat >cni/10-node.conflist <<END
{ "cniVersion": "0.4.0", "name": "node", "plugins": [ { "type": "bridge", "bridge": "cni0", "isDefaultGateway": true,
  "ipam": { "type": "host-local", "dataDir": "/var/lib/cni/networks", "ranges": [ [ { "subnet": "10.85.0.0/16" } ] ] } } ] }
END

# certificate NAME SUBJECT – of the node's own authority, good for servers and clients.
certificate() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "pki/$1.key" -subj "$2" -out "pki/$1.csr" 2>/dev/null
  openssl x509 -req -in "pki/$1.csr" -CA pki/ca.crt -CAkey pki/ca.key -CAcreateserial -days 2 -out "pki/$1.crt" 2>/dev/null -extfile <(
    printf 'subjectAltName=DNS:node,DNS:localhost,IP:127.0.0.1,IP:%s,IP:10.96.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' "$address")
}

# kubeconfig NAME – a way to the API as NAME.
kubeconfig() {
  cat >"$1.conf" <<END
apiVersion: v1
kind: Config
clusters: [ { name: node, cluster: { server: "https://127.0.0.1:6443", certificate-authority: $node/pki/ca.crt } } ]
users: [ { name: $1, user: { client-certificate: $node/pki/$1.crt, client-key: $node/pki/$1.key } } ]
contexts: [ { name: node, context: { cluster: node, user: $1 } } ]
current-context: node
END
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout pki/ca.key -subj /CN=node-ca -days 2 -out pki/ca.crt 2>/dev/null
openssl genrsa -out pki/accounts.key 2048 2>/dev/null
certificate apiserver /CN=kube-apiserver
certificate admin /O=system:masters/CN=admin
certificate kubelet /O=system:nodes/CN=system:node:node
certificate agent /CN=spiffe-agent
kubeconfig admin
kubeconfig kubelet
printf '#!/bin/sh\nexec %s/kubectl --kubeconfig %s/admin.conf "$@"\n' "$programs" $node >kubectl

chmod 0755 kubectl

cat >containerd.toml <<END
version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "example.org/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$programs/cni"
    conf_dir = "$node/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    options = { BinaryName = "$harness/runc-unlimited.py" }
END
cat >kubelet.yaml <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: $node/pki/ca.crt } }
authorization: { mode: Webhook }
tlsCertFile: $node/pki/kubelet.crt
tlsPrivateKeyFile: $node/pki/kubelet.key
cgroupDriver: cgroupfs
enforceNodeAllocatable: []
evictionHard: { memory.available: "0%" }
failSwapOn: false
featureGates: { EphemeralContainers: true }
fileCheckFrequency: 1s
imageGCHighThresholdPercent: 100
makeIPTablesUtilChains: false
resolvConf: ""
staticPodPath: $node/static
volumePluginDir: $node/volumes
END

etcd() {
  "$programs/etcd" --data-dir /var/lib/etcd --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
    --listen-peer-urls http://127.0.0.1:2380 --unsafe-no-fsync
}

apiserver() {
  "$programs/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --bind-address 127.0.0.1 --advertise-address $address --endpoint-reconciler-type none \
    --secure-port 6443 --cert-dir /var/lib/apiserver --tls-cert-file pki/apiserver.crt --tls-private-key-file pki/apiserver.key --client-ca-file pki/ca.crt \
    --service-cluster-ip-range 10.96.0.0/24 --authorization-mode AlwaysAllow --allow-privileged --feature-gates EphemeralContainers=true \
    --service-account-issuer https://node --service-account-key-file pki/accounts.key --service-account-signing-key-file pki/accounts.key \
    --kubelet-preferred-address-types InternalIP --kubelet-client-certificate pki/admin.crt --kubelet-client-key pki/admin.key --kubelet-certificate-authority pki/ca.crt
}

kubelet() {
  exec "$programs/kubelet" --config kubelet.yaml --kubeconfig kubelet.conf --hostname-override node --node-ip $address --root-dir /var/lib/kubelet \
    --container-runtime remote --container-runtime-endpoint unix:///run/containerd/containerd.sock
}

until_true() { until "$@" >/dev/null 2>&1; do sleep 0.2; done; }

etcd >/var/log/etcd.log 2>&1 &
containerd --config containerd.toml >/var/log/containerd.log 2>&1 &
apiserver >/var/log/apiserver.log 2>&1 &
until_true ctr version
"$harness/image.sh" k8s.io example.org/pause:1
kubelet >/var/log/kubelet.log 2>&1 & echo $! >kubelet.pid
until_true ./kubectl get --raw /readyz
# What controllers would do.
until_true ./kubectl get namespace default
printf 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: default, namespace: default }\nautomountServiceAccountToken: false\n' >account.yaml
until_true ./kubectl apply -f account.yaml
until_true ./kubectl wait --for condition=Ready node/node --timeout 1s
touch ready
trap 'exit 0' TERM
wait
