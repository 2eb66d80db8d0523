#!/bin/sh
# The log agent of the example: says every line of the access log, to the last one that is there at SIGTERM.
log=/var/log/nginx/access.log
seen=0

deliver() {
  [ -f "$log" ] || return 0
  total=$(wc -l <"$log")
  [ "$total" -gt "$seen" ] || return 0
  sed -n "$((seen + 1)),${total}p" "$log"
  seen=$total
}

case $1 in
status) exit 0 ;;
start_and_block)
  trap 'deliver; echo "TERM"; exit 0' TERM
  echo up
  while :; do
    deliver
    usleep 100000
  done
  ;;
esac
