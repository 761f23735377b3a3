#!/usr/bin/python3 -IS
"""Open the student's Engine socket as root, and pass it to the unprivileged gateway.

Usage: listen.py SOCKET GROUP FOLDER USER ENGINE_SOCKET ENGINE_GROUP PYTHON

Only the standard library, and nothing that a client sends is read here.
"""

import grp
import os
import pwd
import socket
import sys


def main(path: str, group: str, folder: str, user: str, engine: str, engine_group: str, python: str) -> None:
    """Become the gateway."""
    account = pwd.getpwnam(user)
    os.mkdir(folder, 0o700)  # noqa: PTH102 - pathlib costs start time
    os.chown(folder, account.pw_uid, account.pw_gid)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(path)
    os.chown(path, 0, grp.getgrnam(group).gr_gid)
    os.chmod(path, 0o660)  # noqa: PTH101
    listening.listen(1024)
    os.dup2(listening.fileno(), 0)
    identity = ("--reuid", user, "--regid", user, "--groups", engine_group)
    nothing = ("--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs")
    environment = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "GATEWAY_ENGINE": engine,
        "GATEWAY_FOLDER": folder,
    }
    command = ("setpriv", *identity, *nothing, python, "-I", "-m", "autograder.gateway")
    os.execvpe(command[0], command, environment)  # noqa: S606


if __name__ == "__main__":
    main(*sys.argv[1:])
