docker run -d --name server-$RUN nginx
docker run -d --init --name visitor-$RUN --net "container:$(docker ps --quiet --no-trunc --filter name=server-$RUN)" busybox sh -c 'sleep 3600'
docker update --memory ${limit_mib}m --memory-swap ${limit_mib}m server-$RUN
