docker run --detach --name site-$RUN --publish 127.0.0.1::80 nginx
docker cp $site/index.html site-$RUN:/usr/share/nginx/html/index.html
