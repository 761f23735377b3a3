predict("kernel", "different")
