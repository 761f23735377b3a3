docker run --rm --name shop-$RUN $shop_image
