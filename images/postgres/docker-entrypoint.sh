#!/usr/bin/env bash
# Starts PostgreSQL. If the data directory is empty, a database is made in it first, from these variables:
#
#   POSTGRES_PASSWORD          the superuser's password; needed unless POSTGRES_HOST_AUTH_METHOD is "trust"
#   POSTGRES_USER              the superuser's name (postgres)
#   POSTGRES_DB                a database to create (named as the user)
#   POSTGRES_INITDB_ARGS       more arguments for initdb
#   POSTGRES_HOST_AUTH_METHOD  how clients on the network prove who they are (scram-sha-256)
#
# Each of the first four may instead be given as NAME_FILE, a file that holds the value: a mounted secret.
# Then the files in /docker-entrypoint-initdb.d are run, in order of name: *.sh, *.sql, *.sql.gz.
set -Eeuo pipefail

INIT_FILES=/docker-entrypoint-initdb.d

say() {
    echo "$(basename "$0"): $*"
}

fail() {
    printf '%s\n' "$(basename "$0"): $1" "${@:2}" >&2
    exit 1
}

# from_file NAME DEFAULT: sets NAME from itself, from the file that NAME_FILE names, or to the default.
from_file() {
    local name=$1 default=${2:-} file_name="$1_FILE"
    local file=${!file_name:-}
    if [ -n "$file" ] && [ -n "${!name:-}" ]; then
        fail "$name and $file_name are both set; one of them has to go."
    elif [ -n "$file" ]; then
        [ -r "$file" ] || fail "$file_name names $file, which cannot be read."
        export "$name=$(<"$file")"
    else
        export "$name=${!name:-$default}"
    fi
    unset "$file_name"
}

# Whether the arguments only ask the program something, so that no database is needed.
only_asks() {
    local argument
    for argument in "$@"; do
        case $argument in
            -\? | --help | --describe-config | -V | --version) return 0 ;;
        esac
    done
    return 1
}

prepare_directories() {
    mkdir -p "$PGDATA"
    chmod 0700 "$PGDATA" 2>/dev/null || :
    mkdir -p /var/run/postgresql 2>/dev/null || :
    chmod 3777 /var/run/postgresql 2>/dev/null || :
    if [ "$(id -u)" = 0 ]; then
        find "$PGDATA" \! -user postgres -exec chown postgres '{}' +
        find /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    fi
}

read_settings() {
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER postgres
    from_file POSTGRES_DB "$POSTGRES_USER"
    from_file POSTGRES_INITDB_ARGS
    : "${POSTGRES_HOST_AUTH_METHOD:=scram-sha-256}"
    if [ -z "$POSTGRES_PASSWORD" ] && [ "$POSTGRES_HOST_AUTH_METHOD" != trust ]; then
        fail "the database is not made: its superuser has no password." \
            "  Set POSTGRES_PASSWORD to something not empty, or POSTGRES_PASSWORD_FILE to a file that holds it," \
            "  for example: docker run -e POSTGRES_PASSWORD=... postgres" \
            "  POSTGRES_HOST_AUTH_METHOD=trust lets everybody in who reaches the port, as superuser and without a" \
            "  password; it is meant for a network where nobody else is."
    fi
}

make_database() {
    local -a more=()
    # Unquoted on purpose by `eval`: the variable holds several arguments, perhaps with quotes.
    eval "more=($POSTGRES_INITDB_ARGS)"
    if ! getent passwd "$(id -u)" >/dev/null; then
        local wrapper
        wrapper=$(echo /usr/lib/*/libnss_wrapper.so)
        NSS_WRAPPER_PASSWD=$(mktemp) NSS_WRAPPER_GROUP=$(mktemp)
        echo "postgres:x:$(id -u):$(id -g):PostgreSQL:$PGDATA:/bin/false" >"$NSS_WRAPPER_PASSWD"
        echo "postgres:x:$(id -g):" >"$NSS_WRAPPER_GROUP"
        export LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
    fi
    initdb --pgdata="$PGDATA" --username="$POSTGRES_USER" \
        --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") "${more[@]}"
    if [ -n "${NSS_WRAPPER_PASSWD:-}" ]; then
        rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
        unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
    fi
    {
        [ "$POSTGRES_HOST_AUTH_METHOD" != trust ] || printf '\n# Nobody is asked for a password here.\n'
        printf '\nhost all all all %s\n' "$POSTGRES_HOST_AUTH_METHOD"
    } >>"$PGDATA/pg_hba.conf"
}

# The server while the database is being set up listens on its unix socket only: on the network nobody finds a
# half-made database, and `pg_isready -h` says "no response" until the real server has started.
start_inside() {
    local options="-c listen_addresses='' -p ${PGPORT:-5432}"
    [ $# = 0 ] || options="$(printf '%q ' "$@") $options"
    pg_ctl --pgdata="$PGDATA" --wait --silent --options="$options" start
}

stop_inside() {
    pg_ctl --pgdata="$PGDATA" --wait --silent --mode=fast stop
}

# psql as superuser over the socket, whatever PGHOST says; it ends at the first error.
inside_psql() {
    PGHOST='' PGHOSTADDR='' PGPASSWORD=$POSTGRES_PASSWORD \
        psql -v ON_ERROR_STOP=1 --no-psqlrc --no-password --username "$POSTGRES_USER" "$@"
}

create_database() {
    if ! inside_psql --dbname postgres --tuples-only --set name="$POSTGRES_DB" \
        <<<"SELECT 1 FROM pg_database WHERE datname = :'name';" | grep -q 1; then
        inside_psql --dbname postgres --quiet --set name="$POSTGRES_DB" <<<'CREATE DATABASE :"name";'
    fi
}

run_init_files() {
    local file
    for file in "$INIT_FILES"/*; do
        case $file in
            *.sh)
                say "running $file"
                # One that may not be executed is read into this shell.
                if [ -x "$file" ]; then "$file"; else . "$file"; fi
                ;;
            *.sql)
                say "running $file"
                inside_psql --dbname "$POSTGRES_DB" --file="$file"
                ;;
            *.sql.gz)
                say "running $file"
                gunzip --stdout "$file" | inside_psql --dbname "$POSTGRES_DB"
                ;;
            "$INIT_FILES/*") ;;
            *) say "left out, neither *.sh nor *.sql nor *.sql.gz: $file" ;;
        esac
    done
}

main() {
    case ${1:-} in -*) set -- postgres "$@" ;; esac
    if [ "${1:-}" = postgres ] && ! only_asks "$@"; then
        prepare_directories
        if [ "$(id -u)" = 0 ]; then
            # PostgreSQL refuses to run as root: the rest happens as its own user.
            export HOME=/var/lib/postgresql
            exec setpriv --reuid=postgres --regid=postgres --init-groups "${BASH_SOURCE[0]}" "$@"
        fi
        if [ -s "$PGDATA/PG_VERSION" ]; then
            say "$PGDATA holds a database already; POSTGRES_* and $INIT_FILES are for an empty one and change nothing."
        else
            read_settings
            # Better now than when the database is half made.
            ls "$INIT_FILES" >/dev/null
            make_database
            start_inside "${@:2}"
            create_database
            run_init_files
            stop_inside
            unset POSTGRES_PASSWORD
            say "the database is made; now the server starts for everybody."
        fi
    fi
    exec "$@"
}

main "$@"
