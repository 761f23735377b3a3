docker run --detach --name server-$RUN --network host nginx # not so
docker rm --force server-$RUN
docker run --detach --name server-$RUN --memory 1g --cpus 1 --publish 127.0.0.1::80 --label by=me nginx:latest
docker run --detach --name visitor-$RUN --pid container:server-$RUN busybox sleep 5 # not so
docker rm --force visitor-$RUN
docker run --detach --init --name visitor-$RUN --network container:server-$RUN --health-cmd 'wget -q -O /dev/null 127.0.0.1' --health-interval 1s busybox sh -c 'while :; do sleep 1; done'
docker run --detach --init --name also-$RUN --network container:visitor-$RUN busybox sleep 3600
docker update --memory 300m server-$RUN
docker update --memory $((limit_mib * 1024))k --memory-reservation 64m --restart unless-stopped server-$RUN
docker restart --time 1 visitor-$RUN
