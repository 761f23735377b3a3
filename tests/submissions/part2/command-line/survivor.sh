docker volume create diary-$RUN
docker run --name writer-$RUN --volume diary-$RUN:/data busybox sh -c "echo $line > /data/diary.txt"
docker rm writer-$RUN
docker run --name reader-$RUN --mount type=volume,source=diary-$RUN,target=/data,readonly busybox cat /data/diary.txt
