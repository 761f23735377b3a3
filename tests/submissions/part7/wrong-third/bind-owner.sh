docker rm --force press-$RUN
docker volume create pages-$RUN
docker run --rm --volume pages-$RUN:/pages busybox chown "$(id -u):$(id -g)" /pages
docker run --detach --init --name press-$RUN --user "$(id -u):$(id -g)" --volume pages-$RUN:/pages press-$RUN
