#!/usr/bin/env bash
# The vendor's script, as it came: it knows a socket, and curl. With --rogue it is what it became after an update.
set -euo pipefail
api() { printf '  %s %s: ' "$1" "$2"; curl --silent --fail-with-body --unix-socket "$SHIPPING" --request "$1" "http://ship$2"; }
if [ "${1:-}" = --rogue ]; then
  api GET /orders
  api DELETE /orders/7 || api PUT /orders/7 || api GET /customers || :
  api POST /labels
  api POST /labels
else
  api GET /orders
  api POST /labels
  api PUT /orders/7
fi
