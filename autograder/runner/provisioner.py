"""The kernel provisioner: each kernel in the sandbox gets its own user and namespaces.

Everywhere else, JupyterLab on a student's machine included, it is jupyter_client's ``LocalProvisioner``.
"""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from autograder.namespaces import confine
from autograder.runner.roles import READABLE, ROLES, SANDBOX_MARKER, STUDENT, Role, in_sandbox


class SandboxProvisioner(LocalProvisioner):
    """Starts a kernel; inside the sandbox, for a role, as that role's user and confined.

    Takes two keyword arguments more than others at a kernel's start: ``role`` (a name in ``ROLES``)
    and ``variables`` (environment variables of this run).
    """

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Write the connection file and build the command, confined where a role asks for it."""
        role = ROLES.get(kwargs.pop("role", ""))
        variables: dict[str, str] = kwargs.pop("variables", {})
        confined = role is not None and in_sandbox()
        # Jupyter's server says in the environment which notebook the kernel is for.
        kwargs["env"] = clean_environment(role) if confined and role else dict(kwargs.get("env") or os.environ)
        kwargs["env"].update(variables)
        launch: dict[str, Any] = await super().pre_launch(**kwargs)
        if confined and role:
            connection_file = Path(self.parent.connection_file)
            os.chown(connection_file, role.uid, role.uid)
            launch["cmd"] = confined_command(role, connection_file.parent, launch["cmd"])
        return launch


def clean_environment(role: Role) -> dict[str, str]:
    """Only what a kernel needs: nothing of the runner's environment passes by accident."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "USER": role.name,
        "IPYTHONDIR": "/tmp/.ipython",  # noqa: S108 - private to the kernel
        "PYTHONNOUSERSITE": "1",
        SANDBOX_MARKER: "1",
        **dict(role.variables),
    }


def confined_command(role: Role, directory: Path, command: list[str]) -> list[str]:
    """Return the argument list that runs ``command`` as the role's user in new namespaces.

    ``directory`` holds the kernel's sockets and is the role's to write; the student can read the one beside it.
    """
    if role is STUDENT:
        script = Path(confine.__file__).with_name("student.sh")
        places = [f"--writable={directory}", f"--readable={directory.with_name(READABLE)}"]
        return [str(script), "--mute", *places, "--", *command]
    inner = [sys.executable, "-I", "-S", confine.__file__, f"--cwd={role.cwd}", f"--writable={directory}"]
    command = ["autograder.runner.quiet_kernel" if part == "ipykernel_launcher" else part for part in command]
    try:
        pwd.getpwuid(role.uid)
        groups = "--init-groups"
    except KeyError:
        groups = "--clear-groups"
    user = ["setpriv", f"--reuid={role.uid}", f"--regid={role.uid}", groups, "--no-new-privs"]
    user += ["--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all"]
    return ["unshare", "--pid", "--fork", "--mount", "--ipc", "--kill-child", *inner, "--", *user, *command]
