#!/usr/bin/env bash
# Inside fresh network and mount namespaces: the lab's addresses and a /tmp of its own, then a command.
#
#   bash lab-network.sh FOLDER KEPT COMMAND ...
#
# FOLDER is empty and lies on the mount that it stands for meanwhile. KEPT is a folder that stays where it
# is even if that is in /tmp, and so does FOLDER's parent. The /tmp from before is /tmp/outside.
set -euo pipefail
fresh=$1
kept=("$2" "$(dirname "$1")")
shift 2

ip link set lo up
for last in 10 11 12 20; do ip address add "172.28.1.$last/32" dev lo; done

mount -n -t tmpfs -o mode=1777 tmpfs "$fresh"
mkdir "$fresh/outside"
mount -n --rbind /tmp "$fresh/outside"
mount -n --move "$fresh" /tmp
for folder in "${kept[@]}"; do
  case $folder in
    /tmp/*) mkdir -p "$folder" && mount -n --rbind "/tmp/outside${folder#/tmp}" "$folder" ;;
  esac
done
exec "$@"
