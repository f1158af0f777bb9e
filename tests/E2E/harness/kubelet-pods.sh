#!/usr/bin/env bash
# kubelet-pods.sh – to be run on the node of kubelet.sh: makes the pods of tests/E2E/Kubernetes/*.yaml and waits until each is as it will stay.
set -euo pipefail
harness=$(cd "$(dirname "$0")" && pwd) pods=$(cd "$(dirname "$0")/../Kubernetes" && pwd)
k=/run/node/kubectl

# until_true SECONDS LINE – a line of shell, again and again.
until_true() {
  local end=$((SECONDS + $1))
  until eval "$2" >/dev/null 2>&1; do
    ((SECONDS < end)) || { echo "not so after $1 s: $2" >&2; $k get pods --all-namespaces --output wide >&2; exit 69; }
    sleep 0.2
  done
}

"$harness/image.sh" k8s.io example.org/{web:1,prepare:1,shop:2,proxy:3,ledger:1,beacon:1} >&2
cp "$pods/static-pod.yaml" /run/node/static/beacon.yaml
$k apply -f "$pods/pods.yaml" >&2
$k wait --for condition=Ready --timeout 90s pod/web >&2
$k wait --for condition=Ready --timeout 90s --namespace store pod/shop-7c5d8f6b9-x2x7k pod/ledger >&2
$k debug web --image example.org/shop:2 --container probe -- /pause >&2
until_true 60 '$k get pod beacon-node | grep -q "1/1 *Running"'
until_true 60 '$k get pod web --output "jsonpath={.status.ephemeralContainerStatuses[0].state.running.startedAt}" | grep -q .'
until_true 60 '$k get pod starting --namespace store --output "jsonpath={.status.initContainerStatuses[0].state.running.startedAt}" | grep -q .'
until_true 60 '$k get pod flaky --namespace store | grep -q "1/1 *Running *1"'
until_true 60 '$k get pod done --namespace store | grep -q Completed'
until_true 60 '$k get pod pulling | grep -q ErrImageNeverPull'
