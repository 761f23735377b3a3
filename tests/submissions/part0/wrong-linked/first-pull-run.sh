docker pull $shop_image
docker rmi $shop_image
printf 'FROM busybox\nRUN mkdir /shop && echo plum > /shop/word\nCMD ["cat", "/shop/word"]\n' | docker build --tag $shop_image -
docker run --name shop-$RUN $shop_image
