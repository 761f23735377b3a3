shop_word = shop.logs().decode().strip()
