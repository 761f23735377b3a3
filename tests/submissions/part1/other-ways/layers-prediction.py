predict("layers", "no idea")
