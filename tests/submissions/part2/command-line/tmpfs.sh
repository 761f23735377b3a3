docker run --detach --init --name fast-$RUN --tmpfs /scratch:size=${megabytes}m busybox sleep 600
