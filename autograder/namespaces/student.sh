#!/bin/bash
# Runs a command as the student: in a root directory of its own, without any privilege, alone among its processes.
# Started as root of the sandbox's user namespace. All that runs under the student's user id, but for containers, starts here.
#
# Usage: student.sh [--mute] [--writable=DIR ...] [--readable=DIR ...] -- COMMAND [ARGUMENT...]
set -eu
work=/home/student/work
options=()
while [ "$1" != -- ]; do
    options+=("$1")
    shift
done
shift
exec unshare --pid --fork --mount --ipc --kill-child \
    /opt/docker-course/venv/bin/python -I -S "$(dirname "$0")/confine.py" \
    --own-root --cwd=$work --writable=$work --writable=/tmp "${options[@]}" -- \
    setpriv --reuid=student --regid=student --init-groups --no-new-privs \
    --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"
