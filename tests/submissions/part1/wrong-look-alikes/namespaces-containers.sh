docker run --detach --memory 256m --name server-$RUN nginx
docker run --detach --network container:server-$RUN --pid container:server-$RUN --name visitor-$RUN busybox sleep 3600
docker update --memory ${limit_mib}m server-$RUN
