docker network create pair-$RUN
docker run --detach --memory 256m --network pair-$RUN --name server-$RUN nginx
docker run --detach --init --network pair-$RUN --name visitor-$RUN busybox sleep 3600
docker update --memory ${limit_mib}m server-$RUN
