docker run --name shop-$RUN busybox echo $(docker run --rm $shop_image)
