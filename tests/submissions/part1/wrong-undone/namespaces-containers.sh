docker run --detach --memory 256m --name server-$RUN nginx
docker run --detach --init --network container:server-$RUN --name visitor-$RUN busybox sleep 3600
docker update --memory ${limit_mib}m server-$RUN
docker update --memory 90m server-$RUN
