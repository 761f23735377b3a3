#!/bin/sh
# Before nginx starts: fill in /etc/nginx/templates/*.template from the environment into /etc/nginx/conf.d,
# and run what a derived image or a mount put into /docker-entrypoint.d. Other commands start straight away.
set -eu

say() {
    [ -n "${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ] || echo "$0: $*"
}

fill_templates() {
    dir=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
    suffix=${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
    out=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
    [ -d "$dir" ] || return 0
    # Only variables that exist are replaced, so that nginx's own ($host, $uri, ...) stay.
    known=$(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/${\1}/p' | tr '\n' ' ')
    find -L "$dir" -type f -name "*$suffix" | sort | while IFS= read -r template; do
        target="$out/${template#"$dir"/}"
        target=${target%"$suffix"}
        mkdir -p "$(dirname "$target")"
        envsubst "$known" <"$template" >"$target"
        say "made $target from $template"
    done
}

if [ "${1:-}" = nginx ]; then
    fill_templates
    for script in /docker-entrypoint.d/*.envsh /docker-entrypoint.d/*.sh; do
        [ -e "$script" ] || continue
        if [ ! -x "$script" ]; then
            say "not executable, left out: $script"
        elif [ "${script%.envsh}" != "$script" ]; then
            say "reading $script"
            . "$script"
        else
            say "running $script"
            "$script"
        fi
    done
fi

exec "$@"
