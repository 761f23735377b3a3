predicted("moved-tag")  # stops here as long as there is no prediction
# Your lines go here, in place of `pass`.
pass
compare("moved-tag", 1)
