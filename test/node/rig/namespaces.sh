#!/bin/sh
# Process 1 of the node: network, sysctls and containerd, in namespaces of its own. Whatever is mounted, made or started
# in them ends with this process.
set -e
directory=$1 link=$2 machine_ip=$3 node_ip=$4 bits=$5

if [ "$6" != inside ]; then
  # What the kubelet, containerd and the network plugins write outside of their directories; first what mount itself does.
  for place in /run /var/lib /var/log; do mount --no-mtab -t tmpfs tmpfs "$place"; done
  # The kubelet mounts the volumes of Pods, and the containers must see them.
  mount --make-rshared /

  # The kubelet wants these values; the machine keeps its own.
  mkdir "$directory/sysctls"
  for wanted in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    file=$directory/sysctls/$(echo "${wanted%=*}" | tr / .)
    echo "${wanted#*=}" >"$file"
    mount --bind "$file" "/proc/sys/${wanted%=*}"
  done

  ip netns add node
  ip link add "$link" type veth peer name eth0 netns node
  ip address add "$machine_ip/$bits" dev "$link"
  ip link set "$link" up
  exec nsenter --net=/run/netns/node "$0" "$1" "$2" "$3" "$4" "$5" inside
fi

ip link set lo up
ip address add "$node_ip/$bits" dev eth0
ip link set eth0 up

containerd --config "$directory/containerd.toml" >"$directory/containerd.log" 2>&1 &
control() { ctr --address "$directory/containerd.sock" --namespace k8s.io "$@"; }
until control version >/dev/null 2>&1; do
  kill -0 $! || exit 1
  sleep 0.1
done
for archive in "$directory"/images/*.tar; do control images import "$archive"; done
touch "$directory/ready"
wait
