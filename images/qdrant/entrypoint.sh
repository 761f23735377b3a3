#!/bin/sh
# The server becomes the first process, so that it hears SIGTERM.
exec python3 -m server "$@"
