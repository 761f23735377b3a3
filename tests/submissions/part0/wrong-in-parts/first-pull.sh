docker run --rm $shop_image
