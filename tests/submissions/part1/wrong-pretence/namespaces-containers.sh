docker create --memory 256m --name server-$RUN nginx
docker update --memory ${limit_mib}m server-$RUN
docker start server-$RUN
docker run --detach --init --network container:server-$RUN --name visitor-$RUN busybox sleep 3600
