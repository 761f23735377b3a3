serve="grep -rl /usr/share/nginx/html /etc/nginx | xargs sed -i s,/usr/share/nginx/html,/srv/pages, && exec nginx -g 'daemon off;'"
docker run --detach --name site-$RUN --publish 127.0.0.1::80 --volume $site:/srv/pages:ro nginx sh -c "$serve"
