causes = None  # all of it comes in the next cell
