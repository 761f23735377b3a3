predict("unhealthy", "restarted")
