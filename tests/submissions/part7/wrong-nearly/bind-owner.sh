docker run --rm --volume "$pages:/pages" busybox chown -R "$(id -u):$(id -g)" /pages
