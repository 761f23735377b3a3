docker pull $shop_image
