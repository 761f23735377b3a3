"""nbgrader's gradebook with our executor: verdicts, marks, feedback and export."""
