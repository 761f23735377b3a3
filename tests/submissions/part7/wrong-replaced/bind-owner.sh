docker run --rm --volume "$pages:/pages" busybox chown 0:0 /pages
