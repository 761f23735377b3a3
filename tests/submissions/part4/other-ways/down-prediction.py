predict("lines-after-down", 0)
predict("lines-after-down-volumes", lines)
