docker run --detach --memory 256m --name server-$RUN nginx
docker rm --force server-$RUN
docker run --detach --memory ${limit_mib}m --name server-$RUN nginx
docker run --detach --init --network container:server-$RUN --name visitor-$RUN busybox sleep 3600
