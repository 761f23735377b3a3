predicted("moved-tag")  # stops here as long as there is no prediction
# Your lines go here, in place of the three dots.
...
compare("moved-tag", 1)
