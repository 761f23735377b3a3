docker run --detach --name web-$RUN --publish 127.0.0.1:$web_port:80 nginx
