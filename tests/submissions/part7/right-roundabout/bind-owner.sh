docker rm --force press-$RUN
docker create --init --name press-$RUN --user 0 --volume "$PWD/pages-$RUN:/pages" press-$RUN \
    start-stop-daemon -S -c "$(id -u):$(id -g)" -x /bin/print-pages
docker start press-$RUN
