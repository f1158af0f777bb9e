#!/usr/bin/env bash
# jail.sh CMD [ARG...] – runs CMD in a jail (see lib.sh) and ends with its status. Nothing of it is left behind.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
(($#)) || { echo "usage: ${0##*/} CMD [ARG...]" >&2; exit 64; }
jail_open
status=0
( trap - EXIT INT TERM HUP; jail_run "$@" ) || status=$?
exit "$status"
