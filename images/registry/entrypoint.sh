#!/bin/sh
# One file name as argument: serve with that configuration. `sh ...`: a shell. Else: a subcommand of the registry.
set -eu

if [ -f "${1:-}" ]; then
    exec registry serve "$@"
elif [ "${1:-}" = sh ]; then
    exec "$@"
fi
exec registry "$@"
