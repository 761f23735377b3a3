#!/bin/bash
# Second stage of a sandbox: the first process of the new namespaces, root inside and an ordinary user outside.
#
# Mounts what an Engine needs, starts containerd and dockerd, says "ready" on standard output, and reaps what is left
# over: its end is the end of all processes inside.
#
# SANDBOX_DISK (bytes) and SANDBOX_INODES size the one disk that the Engine's data, the student's files and /tmp share.
# SANDBOX_IMAGE_STORE=containerd has the Engine keep images as new installations do since Docker 29, and refuse what is
# older than API 1.44 as these do. It begins without any image: a golden store is of the other kind.
set -eu

here=$(dirname "$0")
log=/run/engine.log

[ ! -e /sys/fs/cgroup/cgroup.controllers ] || v2=yes
"$here/root.py"
cd /

ip link set lo up
# The kernel counts these by user, and all sandboxes are the same users outside: one must not take them all (128). On
# cgroup v2 each running container needs one.
echo 48 >/proc/sys/user/max_inotify_instances
. "$here/share.sh"
mount -t tmpfs -o mode=755,size=64m run /run
exec 4>&2 2>>"$log"
trap 'tail -n 20 "$log" >&4' EXIT # the first stage passes it on to whoever started the sandbox

# The delegated cgroup is the root of this cgroup namespace, so that a fresh mount shows nothing above it.
if [ -n "${v2:-}" ]; then
    mount -t cgroup2 cgroup /sys/fs/cgroup
    mkdir /sys/fs/cgroup/init
    echo $$ >/sys/fs/cgroup/init/cgroup.procs
    for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
        # The first stage may still be on its way out of this cgroup.
        for _ in $(seq 100); do
            echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null && break
            sleep 0.01
        done
    done
else
    mount -t tmpfs -o mode=755,size=64k cgroup /sys/fs/cgroup
    while IFS=: read -r _ controllers _; do
        case $controllers in
        '') ;;
        name=*)
            mkdir "/sys/fs/cgroup/${controllers#name=}"
            mount -t cgroup -o "none,$controllers" cgroup "/sys/fs/cgroup/${controllers#name=}"
            ;;
        *)
            mkdir "/sys/fs/cgroup/$controllers"
            mount -t cgroup -o "$controllers" cgroup "/sys/fs/cgroup/$controllers"
            ;;
        esac
    done </proc/self/cgroup
fi

mount -t tmpfs -o "mode=755,size=$SANDBOX_DISK,nr_inodes=$SANDBOX_INODES" disk /mnt
mkdir -p /mnt/docker /mnt/home/work /mnt/home/tmp
mkdir -m 1777 /mnt/tmp
chown -R student:student /mnt/home
mount --bind /mnt/home /home/student
mount --bind /mnt/tmp /tmp
if [ -n "${SANDBOX_STORE:-}" ]; then
    # A golden store is being made: the Engine's data go to the volume that is to keep them.
    mount --bind "$SANDBOX_STORE" /var/lib/docker
elif [ "${SANDBOX_IMAGE_STORE:-}" = containerd ]; then
    mount --bind /mnt/docker /var/lib/docker
else
    mount --bind /mnt/docker /var/lib/docker
    [ -e /golden/complete ] || { echo "The golden store is not complete." >&2; exit 1; }
    "$here/store.py" /golden /var/lib/docker &
    store=$!
fi

mkdir -m 750 /run/engine
chgrp examiner /run/engine
config=$here/daemon.json
snapshots=$here/containerd.toml
if [ "${SANDBOX_IMAGE_STORE:-}" = containerd ]; then
    export DOCKER_MIN_API_VERSION=1.44
    config=/run/daemon.json
    snapshots=/run/containerd.toml
    sed -e '/"storage-driver"/d' -e 's/"features": {/&"containerd-snapshotter": true, /' "$here/daemon.json" >$config
    sed '/snapshotter\.v1\.overlayfs",$/d' "$here/containerd.toml" >$snapshots
fi
# Started by itself: a containerd that dockerd starts is polled for, which costs most of a second.
unshare --mount --propagation private "$here/view.sh" \
    containerd --config "$snapshots" >>"$log" 2>&1 4>&- &
containerd=$!
[ -z "${store:-}" ] || wait "$store"
until [ -S /run/containerd/containerd.sock ]; do
    [ -d /proc/$containerd ] || exit 1
    sleep 0.01
done
nsenter --mount=/proc/$containerd/ns/mnt dockerd --config-file "$config" >>"$log" 2>&1 4>&- &
dockerd=$!
# The gateway gets ready while the Engine does. It is the only way from the student to the Engine: if it ends, all ends.
gateway=
if [ -z "${SANDBOX_STORE:-}" ]; then
    "$here/../../gateway/listen.py" /run/docker.sock student /run/gateway gateway \
        /run/engine/docker.sock examiner /opt/docker-course/venv/bin/python >>"$log" 2>&1 4>&- &
    gateway=$!
fi
# It writes down all that the Engine does, from the first moment on, for the checks: if it ends, all ends.
recorder=
if [ -z "${SANDBOX_STORE:-}" ]; then
    mkdir /run/record
    mount -t tmpfs -o nosuid,nodev,noexec,size=40m,nr_inodes=16,mode=700,uid="$(id -u examiner)" record /run/record
    setpriv --reuid examiner --regid examiner --clear-groups --inh-caps -all --bounding-set -all --no-new-privs \
        /usr/bin/python3 -IS "$here/../../../course/record/recorder.py" /run/engine/docker.sock /run/record \
        >>"$log" 2>&1 4>&- &
    recorder=$!
fi
# There is no network inside. apt and pip in the containers find the course's packages at an address of this namespace,
# whatever network they are on (images/offline names it).
ip address add 198.51.100.1/32 dev lo
busybox httpd -p 198.51.100.1:988 -h /srv/packages -u nobody
until curl -sf --unix-socket /run/engine/docker.sock http://engine/_ping >/dev/null; do
    [ -d /proc/$dockerd ] || exit 1
    sleep 0.02
done
until [ -z "$gateway" ] || [ -S /run/docker.sock ]; do
    [ -d /proc/$gateway ] || exit 1
    sleep 0.01
done
until [ -z "$recorder" ] || [ -s /run/record/engine.seen ]; do
    [ -d /proc/$recorder ] || exit 1
    sleep 0.01
done
echo ready
wait -n $dockerd $gateway $recorder || true
if [ -n "${SANDBOX_STORE:-}" ]; then
    # An Engine that has stopped has written everything. Only its images are kept; the mark comes last.
    find "$SANDBOX_STORE" -mindepth 1 -maxdepth 1 ! -name image ! -name overlay2 -exec rm -rf {} +
    : >"$SANDBOX_STORE/complete"
fi
