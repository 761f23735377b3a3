docker rm --force press-$RUN
docker run --detach --init --name press-$RUN --user "$(id -u)" --volume "$pages:/pages" press-$RUN
