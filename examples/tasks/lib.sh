# Sourced by the demonstrations beside it: an agent of their own in a temporary folder, with the agent.yaml of the demonstration.
# Nothing here holds a secret of a workload: what lies in the folder are sockets, the configuration, and logs. All of it goes at the end.
set -euo pipefail
demo=$(cd "$(dirname "$0")" && pwd)
examples=$(dirname "$demo")
agent=${SPIFFE_AGENT:-$(command -v spiffe-agent || echo "$examples/../../artifacts/bin/Agent/release/spiffe-agent")}
[ -x "$agent" ] || { echo "no spiffe-agent: 'make build', or SPIFFE_AGENT=/path/to/it" >&2; exit 69; }
work='' started=()
export PYTHONPATH=$examples/python PYTHONDONTWRITEBYTECODE=1

spiffe-agent() { "$agent" "$@"; }
say() { echo "* $*"; }
fail() { echo "FAILED: $*" >&2; [ -z "$work" ] || tail -n 20 "$work/agent.log" >&2; exit 1; }

# need TOOL... – 69 where one is missing.
need() { local tool; for tool; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 69; }; done; }

# expect WHAT SEEN WANTED – prints it; the story ends here if it does not hold.
expect() { echo "  $1: $2"; [ "$2" = "$3" ] || fail "$1: should be $3"; }

# within SECONDS CMD... – repeats CMD until it succeeds or the time is over.
within() { local end=$((SECONDS + $1)); shift; until "$@"; do ((SECONDS < end)) || return 1; sleep 0.05; done; }

# background CMD... – starts it, with the standard input that is given here; it ends with the demonstration.
background() { "$@" <&0 & started+=($!); }

# The end: everything that was started ends, and what the agent wrote down must hold before anybody who reads it: its chain, its tree, and every decision taken again.
close() {
  local pid status=$?
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || :; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || :; done
  if [ "$status" = 0 ] && [ -e "$work/audit/checkpoint" ] && ! "$agent" audit verify "$work/audit" >"$work/verify.out" 2>&1; then
    cat "$work/verify.out" >&2
    status=1
  fi
  rm -rf "$work"
  exit "$status"
}

# start_agent – serves when it returns.
start_agent() {
  need python3
  work=$(mktemp -d); trap close EXIT; trap 'exit 130' INT; trap 'exit 143' TERM
  chmod 0711 "$work"
  export SPIFFE_ENDPOINT_SOCKET=unix://$work/run/workload.sock SPIFFE_AGENT_ADMIN_SOCKET=unix://$work/run/admin.sock DEMO_UID=${DEMO_UID:-$(id -u)}
  ( umask 077
    { echo 'sockets: { workload: { path: run/workload.sock }, admin: { path: run/admin.sock } }'; echo 'audit: { dir: audit }'; cat "$demo/agent.yaml"; } >"$work/agent.yaml"
    cp "$demo"/*.cedar "$work" 2>/dev/null || :
    ${prepare_hook:+"$prepare_hook"} )
  background "$agent" run --config "$work/agent.yaml" >"$work/agent.log" 2>&1
  within 60 healthy || fail "the agent does not serve"
}
healthy() { spiffe-agent healthcheck >/dev/null 2>&1; }

# start_resource AUDIENCE ORIGIN METHOD=ACTION... – a server that takes nothing but action tokens.
start_resource() {
  background python3 "$examples/python/resource_server.py" "$1" "$2" "$work/port" "${@:3}"
  within 30 test -e "$work/port" || fail "the resource server does not serve"
  RESOURCE_PORT=$(<"$work/port"); export RESOURCE_PORT
}

# tasks FIELD [SELECTION...] – that field of every task, those that have ended too, the newest first.
tasks() { spiffe-agent task list --ended --output json "${@:2}" | python3 -c 'import json, sys; print(*(task[sys.argv[1]] for task in json.load(sys.stdin)["tasks"]), sep="\n")' "$1"; }
