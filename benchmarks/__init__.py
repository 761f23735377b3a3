"""Measurements, printed and not asserted: machines are noisy, so each compares two ways in one run."""
