#!/bin/bash
# First stage of a sandbox, run by the container's init as root with four capabilities (SETUID, SETGID, CHOWN, SETPCAP).
#
# 1. Delegates one child cgroup of the container's own to the unprivileged user that will run the Engine.
# 2. Drops to that user and starts the second stage (engine.sh) as root of a new user namespace.
# 3. Stays behind, outside the new namespaces, and ends the sandbox when its time is over or its owner is gone.
#
# Staying outside is what lets `docker exec` enter the container at all, and it puts the clock where nothing that runs
# inside can reach it: when this process ends, the container ends, and the kernel kills all that is left in it.
#
# Usage: boot.sh SECONDS       reads standard input until its end, which comes when the owner is gone
# Its time begins with the first line there: a sandbox may be booted before there is something to do in it.
# Prints "ready" once the Engine answers.
set -eu

seconds=$1
owner=sandbox
here=$(dirname "$0")

delegate() { # DIR: makes DIR/engine, moves this shell into it, and gives it to the owner
    child=$1/engine
    mkdir "$child"
    if [ -e "$child/cpuset.cpus" ] && [ ! -s "$child/cpuset.cpus" ]; then
        # cgroup v1: a new cpuset is empty, and no process may enter an empty one
        cat "$1/cpuset.cpus" >"$child/cpuset.cpus" 2>/dev/null || true
        cat "$1/cpuset.mems" >"$child/cpuset.mems" 2>/dev/null || true
    fi
    # Move first: root without DAC_OVERRIDE can no longer write here after the chown.
    echo $$ >"$child/cgroup.procs"
    chown "$owner:$owner" "$child"
    for file in cgroup.procs cgroup.threads cgroup.subtree_control tasks; do
        [ ! -e "$child/$file" ] || chown "$owner:$owner" "$child/$file"
    done
}

# v2 allows processes in leaves only: all that runs here, the container's init and this shell, goes to a leaf of its own
# before controllers are handed down.
delegate_v2() { # DIR
    mkdir "$1/outside"
    for pid in 1 $$; do echo "$pid" >"$1/outside/cgroup.procs"; done
    for controller in $(cat "$1/cgroup.controllers"); do
        echo "+$controller" >"$1/cgroup.subtree_control" || true
    done
    delegate "$1"
}

# One line of /proc/self/cgroup is "ID:CONTROLLERS:PATH". https://man7.org/linux/man-pages/man7/cgroups.7.html
unified=
freezer=
while IFS=: read -r _ controllers path; do
    case $controllers in
    '') # The v2 hierarchy. On a hybrid host it has no controllers, and the Engine has no use for it.
        if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
            unified=/sys/fs/cgroup$path
            delegate_v2 "$unified"
        fi
        ;;
    name=*) delegate "/sys/fs/cgroup/${controllers#name=}$path" ;;
    *) [ ! -d "/sys/fs/cgroup/$controllers$path" ] || delegate "/sys/fs/cgroup/$controllers$path" ;;
    esac
    case $controllers in
    freezer) freezer=/sys/fs/cgroup/freezer$path/engine ;;
    esac
done </proc/self/cgroup

[ -z "${SANDBOX_STORE:-}" ] || chown "$owner:$owner" "$SANDBOX_STORE"

# Processes inside keep the kernel's ordinary score for running out of memory: an Engine with a higher one than its
# containers would be the first to go.
exec 3<&0 # bash gives background jobs /dev/null as standard input
setpriv --reuid "$owner" --regid "$owner" --clear-groups --inh-caps -all --bounding-set -all,+setuid,+setgid \
    unshare --user --map-root-user --map-auto --net --mount --ipc --uts --cgroup --pid --fork --kill-child \
    --mount-proc "$here/engine.sh" </dev/null 3<&- &
engine=$!

# `unshare` has another child for a moment, which writes the user mapping: the one that is meant is known by its program.
inner=
until [ -n "$inner" ]; do
    [ -d /proc/$engine ] || { echo "the Engine's namespaces could not be made" >&2; exit 1; }
    for pid in $(cat "/proc/$engine/task/$engine/children" 2>/dev/null); do
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != engine.sh ] || inner=$pid
    done
    [ -n "$inner" ] || sleep 0.01
done
if [ -n "$unified" ]; then
    # The kernel refuses to hand controllers down from a cgroup that holds a process (EBUSY): with its child running,
    # `unshare` leaves the delegated cgroup, and so does this shell.
    echo $engine >"$unified/outside/cgroup.procs"
    echo $$ >"$unified/outside/cgroup.procs"
fi
echo $inner >/run/sandbox.pid

# The sandbox ends with whichever ends first: its Engine, its time, its owner.
keep() {
    read -r _ <&3 || return 0
    sleep "$seconds" 3<&- &
    cat <&3 >/dev/null &
    wait -n
}
keep &
wait -n || status=$?

# The owner ends it, for this shell has not the right to kill. cgroup v1: a process of a paused container cannot die, and
# the sandbox with it cannot end, until it may run again; and a pause that is under way may come true after a first thaw.
setpriv --reuid "$owner" --regid "$owner" --clear-groups bash -c '
    kill -KILL "$1"
    [ -n "$2" ] || exit 0
    for _ in {1..100}; do
        find "$2" -mindepth 2 -name freezer.state | while read -r state; do echo THAWED >"$state"; done
        [ -n "$(find "$2" -mindepth 2 -name cgroup.procs -exec cat {} +)" ] || break
        sleep 0.02
    done
' end "$engine" "$freezer" 2>/dev/null || true
exit "${status:-0}"
