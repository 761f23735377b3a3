predict("volume-files", 0)
predict("bind-files", 99)
