docker rm --force press-$RUN
docker create --init --name press-$RUN --user 0 --volume "$PWD/pages-$RUN:/pages" press-$RUN \
    setpriv --reuid "$(id -u)" --regid "$(id -g)" --clear-groups print-pages
docker start press-$RUN
