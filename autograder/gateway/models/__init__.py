"""Typed bodies of requests: what is not declared here does not reach the Engine."""
