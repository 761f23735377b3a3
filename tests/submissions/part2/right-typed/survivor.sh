docker run -i --name writer-$RUN --volume diary-$RUN:/data busybox sh <<< "echo $line > /data/diary.txt"
docker rm writer-$RUN
docker run -i --name reader-$RUN --volume diary-$RUN:/data busybox sh <<'END'
cd /data
cat diary.txt
END
