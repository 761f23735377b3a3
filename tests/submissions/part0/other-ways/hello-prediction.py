predict("hello", "running")
