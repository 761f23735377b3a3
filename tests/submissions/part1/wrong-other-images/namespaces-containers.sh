docker run --detach --memory 256m --network host --name server-$RUN nginx
docker run --detach --init --network host --name visitor-$RUN busybox sleep 3600
docker update --memory ${limit_mib}m server-$RUN
