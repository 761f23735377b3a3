docker run --detach --memory 256m --name server-$RUN nginx
docker run --detach --init --network container:server-$RUN --name visitor-$RUN debian:trixie-slim sleep 3600
docker update --memory ${limit_mib}m server-$RUN
