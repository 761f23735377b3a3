#!/bin/bash
# Runs a command inside a sandbox's namespaces. Started with `docker exec`, as the unprivileged user that owns them.
#
# Usage: enter.sh root|examiner|student COMMAND [ARGUMENT...]
set -eu
. "$(dirname "$0")/share.sh"
user=$1
shift
case $user in
root) become=(env DOCKER_COURSE_SANDBOX=1 HOME=/run) ;;
examiner) become=(env DOCKER_COURSE_SANDBOX=1 HOME=/run/engine DOCKER_HOST=unix:///run/engine/docker.sock setpriv --reuid examiner --regid examiner) ;;
student) become=(env DOCKER_COURSE_SANDBOX=1 HOME=/home/student/work "$(dirname "$0")/../../namespaces/student.sh" --) ;;
*) echo "enter.sh: unknown user '$user'; expected root, examiner or student" >&2; exit 2 ;;
esac
[ "$user" != examiner ] || become+=(--clear-groups --inh-caps -all --bounding-set -all --)
exec nsenter --target "$(cat /run/sandbox.pid)" --user --net --mount --ipc --uts --cgroup --pid --preserve-credentials \
    --wdns=/home/student/work "${become[@]}" "$@"
