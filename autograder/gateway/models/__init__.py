"""Typed request bodies: only declared keys reach the Engine."""
