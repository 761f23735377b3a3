docker create --name first-$RUN busybox sleep 300
docker run --detach --name second-$RUN busybox sleep 300
docker start first-$RUN
docker exec first-$RUN sh -c "echo '$note' > /tmp/note"
