"""Virtual machines with systemd and cgroup v2, in which the sandbox's tests run: ``python -m tools.machine``."""
