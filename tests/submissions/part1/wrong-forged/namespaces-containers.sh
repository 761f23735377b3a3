docker run --detach --memory 256m --name server-$RUN nginx
docker run --network container:server-$RUN --name visitor-$RUN busybox wget -q -O /dev/null http://127.0.0.1
docker update --memory ${limit_mib}m server-$RUN
