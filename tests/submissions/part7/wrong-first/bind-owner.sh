chmod 777 "$pages"
docker rm --force press-$RUN
docker run --detach --init --name press-$RUN --user "$(id -u):$(id -g)" --volume "$pages:/pages" press-$RUN
