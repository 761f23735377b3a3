docker run --rm busybox true
