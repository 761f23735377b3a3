docker create --init --name life-$RUN busybox sleep 300
docker start life-$RUN
docker pause life-$RUN
docker unpause life-$RUN
docker stop life-$RUN
docker rm life-$RUN
