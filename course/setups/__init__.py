"""What the notebooks set up for an exercise: recipes and planted objects, bound to the run's token."""
