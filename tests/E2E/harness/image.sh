#!/usr/bin/env bash
# image.sh NAMESPACE NAME... – on a host with containerd: makes images there, each of nothing but /pause, a program that waits, and the links that
# make a mounted /usr a system. No registry and no other image is needed. What tells them apart is their name, also in a label `name`.
set -euo pipefail
namespace=$1; shift
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
mkdir -p "$work/root"/{usr,proc,dev,sys,run}
for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$work/root/$directory"; done
gcc -O2 -static -s -x c -o "$work/root/pause" - <<'END'
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
static void end(int signal) { (void)signal; _exit(0); }
int main(void) { signal(SIGTERM, end); signal(SIGINT, end); for (;;) if (waitpid(-1, 0, 0) < 0) sleep(3600); }
END
tar -c -C "$work/root" --mtime=@0 --owner=0 --group=0 --sort=name -f "$work/layer.tar" .
layer=$(sha256sum "$work/layer.tar" | cut -d' ' -f1)
for name; do
  printf '{"architecture":"amd64","os":"linux","config":{"Entrypoint":["/pause"],"Labels":{"name":"%s"}},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$name" "$layer" >"$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$name" >"$work/manifest.json"
  tar -c -C "$work" -f "$work/image.tar" manifest.json config.json layer.tar
  ctr --namespace "$namespace" images import --digests --base-name "${name%:*}" "$work/image.tar"
done
