# What bash reads before a shell cell (through BASH_ENV): it names each line that fails, with its status.
# What stands in braces is not shown by `set -x`; the messages go to 9, which is the cell's stderr.
{
    unset BASH_ENV
    __course_named=0 __course_last=
    __course_failed() { # status, line, command
        [ "$BASHPID" = "$$" ] || return # a subshell's failure is its line's
        __course_named=$1
        [ "$__course_last" = "$*" ] && return # bash may report the end of a pipe twice, and a loop is one line
        __course_last=$*
        printf '\033[31m[line %s failed with status %s: %s]\033[0m\n' "$2" "$1" "${3%%$'\n'*}" >&9
    }
    __course_ended() { # status; a last line that failed has been named, unless it was an `exit` or a list such as `a && b`
        [ "$1" = 0 ] || [ "$1" = "$__course_named" ] || printf '\033[31m[the cell ended with status %s]\033[0m\n' "$1" >&9
    }
    trap '{ __course_failed "$?" "$LINENO" "$BASH_COMMAND"; } 9>&2 2>/dev/null' ERR
    trap '{ __course_ended "$?"; } 9>&2 2>/dev/null' EXIT
    # An interrupt ends the cell, also if the command in front took it for its own and ended well.
    trap '{ __course_named=130; exit 130; } 2>/dev/null' INT
} 2>/dev/null
