docker run --detach --init --name fast-$RUN --mount type=tmpfs,destination=/scratch,tmpfs-size=${megabytes}m,tmpfs-mode=1770 --memory 200m busybox sleep 600
