#!/usr/bin/env bash
# kubernetes-build.sh – prints a directory with etcd, kube-apiserver, kubelet, kubectl and cni/. Debian 12 packages all but the two in the
# middle, and its source package holds those: built once with Debian's own Go (some ten minutes on two cores, at lowest priority), outside the
# repository. Nothing of the machine changes: apt has its own lists here, of the mirrors that the machine uses, and nothing is installed.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
version=1.20.2
cache=${SPIFFE_AGENT_E2E_CACHE:-/var/cache/spiffe-agent-e2e}
result=$cache/kubernetes-$version
log=$cache/kubernetes-build.log

need apt-get dpkg-source dpkg-deb go make flock
mkdir -p "$cache"
exec 9>"$cache/kubernetes.lock"
flock 9

# own_apt COMMAND... – apt-get with binary and source packages of bookworm, leaving the machine's lists and sources alone.
own_apt() {
  apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root "$@"
}

build() {
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$result.new"
  apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Identifier: Packages' 'Component: main' | sort -u |
    awk '$2 ~ /^bookworm/ { print "deb", $1, $2, "main"; print "deb-src", $1, $2, "main" }' >"$work/sources.list"
  cd "$work"
  own_apt update
  own_apt download etcd-server kubernetes-client containernetworking-plugins
  local package
  for package in *.deb; do dpkg-deb -x "$package" packages; done
  cp packages/usr/bin/etcd packages/usr/bin/kubectl "$result.new/"
  cp -r packages/usr/lib/cni "$result.new/cni"

  # Its build wants a GOPATH, and rsync for what cp does as well.
  own_apt source kubernetes
  mkdir -p go/src/k8s.io
  mv kubernetes-*/ go/src/k8s.io/kubernetes
  cd go/src/k8s.io/kubernetes
  sed -i 's/rsync -pc/cp -p/' hack/lib/golang.sh
  unset GOFLAGS
  export GOPATH=$work/go GOCACHE=$work/go-cache GOPROXY=off CGO_ENABLED=0 HOME=$work
  nice -n 19 make gen_openapi
  local v=k8s.io/kubernetes/vendor/k8s.io/component-base/version
  GO111MODULE=off nice -n 19 go build -trimpath -o "$result.new/" \
    -ldflags "-s -w -X $v.gitVersion=v$version -X $v.gitMajor=1 -X $v.gitMinor=20" \
    ./cmd/kubelet ./cmd/kube-apiserver
}

if [ ! -d "$result" ]; then
  rm -rf "$result.new"
  work=$(mktemp -d "$cache/kubernetes-work.XXXXXX")
  trap 'chmod -R u+w "$work"; rm -rf "$work" "$result.new"' EXIT
  # Not in a condition, where errexit would not count.
  (set -e; build) </dev/null >"$log" 2>&1 9>&- & wait $! || { tail -n 20 "$log" >&2; fail "the build failed, see $log"; }
  mv "$result.new" "$result"
fi
echo "$result"
