docker run --detach --name site-$RUN --user 0 --volume $PWD/./site-$RUN:/usr/share/nginx/html:ro --publish 127.0.0.1::80 nginx
