#!/bin/sh
# The log generator of the example: writes lines to a file, then ends. Its only options here are --path and --total-count.
path= count=0
for option in "$@"; do
  case $option in
  --path=*) path=${option#--path=} ;;
  --total-count=*) count=${option#--total-count=} ;;
  esac
done
line=0
while [ "$line" -lt "$count" ]; do
  line=$((line + 1))
  echo "line $line" >>"$path"
  usleep 5000
done
