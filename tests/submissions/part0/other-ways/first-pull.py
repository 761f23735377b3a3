shop_word = output.decode()
