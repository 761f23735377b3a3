predict("moved-tag", 2)
