docker run --detach --init --name helper-$RUN --volume "$pages:/pages" busybox \
    sh -c "while true; do chown $(id -u):$(id -g) /pages/page-*; usleep 50000; done"
