docker pull --quiet $shop_image
docker run --detach --name shop-$RUN $shop_image
docker wait shop-$RUN
