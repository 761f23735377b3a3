"""Namespaces and mounts of programs inside the sandbox. Standard library only, because it runs as root.

mounts   the system calls that Python's library lacks
confine  the program that starts a kernel, or a student's command, where it sees no more than it should
"""
