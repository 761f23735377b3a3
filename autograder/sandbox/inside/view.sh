#!/bin/bash
# Runs a program of the Engine in a mount namespace in which the student's work directory follows no symlinks.
#
# The Engine looks the source of a bind mount up at every start of a container, and a student could have put a symlink
# there since it was checked. So the kernel refuses symlinks on the way, whoever changes them and when. The directory
# above is the Engine's own here: in the student's /home/student, the work directory itself could be swapped.
#
# Usage: unshare --mount --propagation private view.sh COMMAND [ARGUMENT...]
set -eu
work=/home/student/work
mkdir -p /mnt/view/work
mount --bind /mnt/view /home/student
mount --bind /mnt/home/work $work
mount -o remount,bind,nosymfollow,nosuid,nodev $work
# util-linux and kernels before 5.10 may know no such option: look at what the kernel says.
grep -q " $work [^-]*nosymfollow" /proc/self/mountinfo || {
    echo "This kernel cannot mount a directory so that symlinks are not followed: Linux 5.10 is needed." >&2
    exit 1
}
exec "$@"
