predict("restarted-port", "same")
