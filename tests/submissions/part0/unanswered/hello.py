predicted("hello")  # stops here as long as there is no prediction
# Your lines go here, in place of the three dots.
...
compare("hello", hello_status)
