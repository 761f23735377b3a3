docker run --name shop-$RUN $shop_image sh -c 'cat /shop/word; exit 3'
