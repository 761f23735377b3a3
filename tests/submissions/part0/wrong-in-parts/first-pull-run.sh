docker create --name shop-$RUN $shop_image
