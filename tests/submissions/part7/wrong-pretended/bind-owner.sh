docker rm --force press-$RUN
docker run --detach --init --name press-$RUN --volume "$pages:/pages" press-$RUN sleep 100000
docker run --detach --init --name helper-$RUN --user "$(id -u):$(id -g)" --volume "$pages:/pages" press-$RUN
