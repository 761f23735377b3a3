predict("volumes-left", 1)
predict("old-image", "removed")
