predicted("kernel")  # stops here as long as there is no prediction
# Your lines go here, in place of `pass`.
pass
compare("kernel", "same" if kernel_inside == kernel_outside else "different")
