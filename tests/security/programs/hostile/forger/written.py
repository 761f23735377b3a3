forged(4)
