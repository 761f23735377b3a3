docker rm --force press-$RUN
docker run --detach --init --name press-$RUN --user "$(id -u):$(id -g)" --volume "$pages:/pages" busybox \
    sh -c 'cd /pages; while true; do rm -f page-*; date > "$(mktemp page-XXXXXX)"; sleep 0.7; done'
