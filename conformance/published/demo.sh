#!/usr/bin/env bash
# The lab's three set-ups, inside lab-network.sh: two servers in a network namespace of their own, joined
# by a cable; the published proxy; no selector, then each of the published ones; wrk as in the lab.
#
#   bash demo.sh FOLDER_OF_THE_SCRIPTS PYTHON
set -euo pipefail
cd "$1"
python=$2
seconds=${DEMO_SECONDS:-10}
export PYTHONUNBUFFERED=1
command -v wrk >/dev/null || { echo "wrk is not installed (Debian: apt-get install wrk)" >&2; exit 3; }

started=()
trap 'kill "${started[@]}" 2>/dev/null || true' EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

begin() {
  "$@" &
  started+=($!)
}

until_listening() {
  until curl -s -o /dev/null --noproxy '*' "http://$1/"; do sleep 0.05; done
}

for last in 10 11 12 20; do ip address del "172.28.1.$last/32" dev lo; done
begin unshare --net sleep infinity
servers=$!
until [ "$(readlink /proc/$servers/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
ip link add lab type veth peer name lab netns "$servers"
ip address add 172.28.1.10/24 dev lab
ip link set lab up
there=(nsenter "--net=/proc/$servers/ns/net")
"${there[@]}" ip link set lab up
mkdir /tmp/web
echo "Hello from Servers!" >/tmp/web/index.html
for last in 11 12; do
  "${there[@]}" ip address add "172.28.1.$last/24" dev lab
  begin "${there[@]}" "$python" -m http.server 80 --bind "172.28.1.$last" --directory /tmp/web \
    >/dev/null 2>&1
  until_listening "172.28.1.$last"
done

# One set-up: what it is called, and the selector's command, if any.
set_up() {
  local title=$1
  shift
  echo "172.28.1.12" >/tmp/selected_server
  "$python" proxy.py >/tmp/proxy.log 2>/dev/null &
  local proxy=$!
  started+=("$proxy")
  until grep -q running /tmp/proxy.log; do sleep 0.05; done
  until_listening 172.28.1.10
  local selector=
  if [ $# -gt 0 ]; then
    "$@" >/dev/null &
    selector=$!
    started+=("$selector")
  fi
  echo "== $title: wrk -t4 -c50 -d${seconds}s http://172.28.1.10"
  wrk -t4 -c50 "-d${seconds}s" http://172.28.1.10 >/tmp/wrk.log &
  wait $!
  grep -E 'Latency|requests in|Socket errors|Non-2xx|Requests/sec' /tmp/wrk.log
  local before
  before=$(grep -c Usage /tmp/proxy.log || true)
  until [ "$(grep -c Usage /tmp/proxy.log)" -gt "$before" ]; do sleep 0.1; done
  sleep 0.1
  tac /tmp/proxy.log | sed '/=== Server Usage/q' | tac | grep requests
  kill "$proxy" $selector
  wait "$proxy" $selector 2>/dev/null || true
}

set_up "no selector"
set_up "random selector" bash load_balancer.sh
set_up "history selector" "$python" ai_load_balancer.py
# Every rewrite of these selectors leaves the file empty for some microseconds. That rarely meets a read;
# without a pause between the rewrites it does.
# shellcheck disable=SC2016
set_up "rewriting without a pause" bash -c \
  'while true; do echo 172.28.1.11 >/tmp/selected_server; done'
