"""nbgrader's gradebook, with our executor: verdicts, marks, feedback and the export of the table."""
