#!/bin/sh
# Starts Redis as the user redis. Arguments that begin with an option or a *.conf file are for redis-server:
# `docker run redis --requirepass secret`. Any other command is run as it is.
set -eu

case ${1:-} in
    -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
    find . \! -user redis -exec chown redis '{}' +
    export HOME=/data
    exec setpriv --reuid=redis --regid=redis --init-groups "$0" "$@"
fi

# "Protected mode" refuses clients from other hosts as long as there is no password. In a container every client is on
# another host, and the network decides who gets here; so it is off, unless the configuration speaks of it.
speaks_of_protected_mode() {
    for argument in "$@"; do
        case $argument in
            --protected-mode) return 0 ;;
            *.conf) ! grep -Eqis '^[[:space:]]*protected-mode' "$argument" || return 0 ;;
        esac
    done
    return 1
}

if [ "${1:-}" = redis-server ]; then
    # Files that Redis makes are for its own user only, unless somebody chose another mask.
    [ "$(umask)" != 0022 ] || umask 0077
    case ${2:-} in
        -v | --version | -h | --help | --test-memory | --check-system) ;;
        *) speaks_of_protected_mode "$@" || set -- "$@" --protected-mode no ;;
    esac
fi

exec "$@"
