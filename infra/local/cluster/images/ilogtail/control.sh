#!/bin/sh
# ilogtail_control.sh {start | start_and_block SECONDS | status | stop}
home="$CONTAINER_ROOT/usr/local/ilogtail"
pidfile="$home/agent.pid"

# The agent's process id; fails when the agent does not run. Never 0 or 1.
running() {
  pid=$(cat "$pidfile" 2>/dev/null) || return 1
  case $pid in '' | 0 | 1 | *[!0-9]*) return 1 ;; esac
  kill -0 "$pid" 2>/dev/null
}

case $1 in
  start)
    if running; then echo "ilogtail is already running"; exit 0; fi
    @AGENT@ "${2:-10}" </dev/null &
    echo $! >"$pidfile"
    ;;
  start_and_block)
    # The shell becomes the agent: it is the process that gets the container's signals.
    echo $$ >"$pidfile"
    exec @AGENT@ "${2:-10}"
    ;;
  status)
    if running; then echo "ilogtail is running"; exit 0; fi
    echo "ilogtail is not running"
    exit 1
    ;;
  stop)
    if running; then
      kill -TERM "$pid"
      while running; do sleep 0.1; done
    fi
    echo "ilogtail is stopped"
    ;;
  *)
    echo "usage: ilogtail_control.sh {start | start_and_block SECONDS | status | stop}" >&2
    exit 2
    ;;
esac
