# Sourced by what starts programs in a sandbox: a share of what the kernel counts by user, for all sandboxes are the same
# users outside. Pending signals, of which timers are made too, and the bytes of message queues. Where there is less
# already, it stays. Limits of the container would not do: they would hold for all sandboxes together.
ulimit -i 4096 2>/dev/null || true
ulimit -q 100000 2>/dev/null || true
