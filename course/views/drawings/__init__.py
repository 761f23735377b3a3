"""Pictures of how something works. They show no Engine's state, so they are the same everywhere."""
