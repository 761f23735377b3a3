"""BuildKit, which the gateway does not overhear: what a student's builds may do, and what they see of a check's."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest

from tests.security.conftest import Attacker

pytestmark = [pytest.mark.sandbox, pytest.mark.xdist_group("buildkit")]

DIRECTLY = Path(__file__).with_name("programs") / "build_directly.py"
RIGHTS = (
    "mknod /d b 254 0",
    "mount -t tmpfs x /mnt",
    "mount -t cgroup -o memory x /mnt",
    "echo x >/proc/sys/kernel/core_pattern",
    "echo x >/proc/sysrq-trigger",
    "hostname other",
    "ip link set eth0 down",
    "ip address add 198.51.100.1/32 dev lo",
    "ls /proc/1/root/run/engine",
    "wget -q -O /dev/null http://127.0.0.1:988/",
)
"""What root of a build step must not be able to do."""
COUNTED = "n=100; " + "; ".join(f"({right}) 2>/dev/null && n=$((n+1))" for right in RIGHTS) + "; exit $n"
"""A script whose exit code says how many of them it could, counted from 100."""


def directly(attacker: Attacker, program: str) -> dict[str, bool]:
    """What a program of the student's finds out that speaks to BuildKit by itself, as it fills ``said``."""
    text = f"{DIRECTLY.read_text()}\nsaid = {{}}\n{program}\nprint(json.dumps(said))"
    done = attacker.box.run(["/usr/bin/python3", "-I", "-"], text.encode(), "student", timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, bool] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_build_grants_itself_no_right(attacker: Attacker) -> None:
    """The host's network, an insecure step, a device: refused, on the command line and at BuildKit's own interface."""
    said = directly(
        attacker,
        """
said["plain"] = solves(BUSYBOX, run("true"))
kinds = {"network": {"network": 1}, "insecure": {"security": 1}, "device": {"device": "x.org/y=z"}}
for name, options in kinds.items():
    said[name] = solves(BUSYBOX, run("true", **options))
    for right in ("network.host", "security.insecure", "device"):
        said[f"{name} with {right}"] = solves(BUSYBOX, run("true", **options), entitlements=[right])
""",
    )
    assert said.pop("plain")
    assert len(said) == 12
    assert not any(said.values())
    asked = "printf 'FROM busybox\\nRUN --network=host true\\n' | docker build --allow network.host -"
    assert "not allowed by build daemon" in attacker.sh(asked, "student")


def test_root_of_a_build_step_is_nobody(attacker: Attacker) -> None:
    """A step is root with the rights of an ordinary container; asked for without a Dockerfile it has no more."""
    said = directly(attacker, f"said['right'] = solves(BUSYBOX, run({COUNTED.replace('exit $n', '[ $n = 100 ]')!r}))")
    assert said == {"right": True}


def test_a_frontend_of_the_students_is_a_step_like_others(attacker: Attacker) -> None:
    """An image that `# syntax=` names takes the Dockerfile's place in a container, with no more rights than a step."""
    said = attacker.sh(
        f"""mkdir -p ~/front && cd ~/front && cat >counted <<'END'
#!/bin/sh
{COUNTED}
END
        chmod +x counted
        printf 'FROM busybox\\nCOPY counted /\\nENTRYPOINT ["/counted"]\\n' >Dockerfile
        docker build --quiet --tag mine/front . && printf '# syntax=mine/front\\nFROM busybox\\n' | docker build -""",
        "student",
    )
    assert "exit code: 100" in said, said


def test_sources_of_a_build_are_the_students_own(attacker: Attacker) -> None:
    """No source names a file of the Engine's: directories come from the client, and there is no program `git`."""
    said = directly(
        attacker,
        """
for name in ("local:///run/engine", "local://context", "file:///etc/passwd", "git://127.0.0.1:1/x.git",
             "oci-layout://x@sha256:" + "0" * 64, "docker-image+blob://x"):
    said[name] = solves(source(name))
""",
    )
    assert len(said) == 6
    assert not any(said.values())
    assert attacker.sh("command -v git unpigz igzip xz") == ""


def test_buildkits_interface_leads_to_nothing_but_builds(attacker: Attacker) -> None:
    """Of containerd's services there is one behind it, the blobs of builds, and that one only to be read."""
    said = directly(
        attacker,
        """
said["info"] = bool(call("moby.buildkit.v1.Control/Info"))
services = ["containers.v1.Containers", "images.v1.Images", "leases.v1.Leases", "snapshots.v1.Snapshots",
            "tasks.v1.Tasks", "namespaces.v1.Namespaces"]
for service in services:
    said[service] = bool(call(f"containerd.services.{service}/List"))
blob = field(1, "sha256:" + "0" * 64)
for act in ("Write", "Delete", "Abort", "Update"):
    said[act] = bool(call(f"containerd.services.content.v1.Content/{act}", blob))
said["a frontend's own"] = bool(call("moby.buildkit.v1.frontend.LLBBridge/Solve"))
""",
    )
    assert said.pop("info")
    assert len(said) == 11
    assert not any(said.values())


BUILD = """
import sys, pathlib
sys.path.insert(0, "/opt/docker-course")
from course import connect, facts
from course.checks.building import built, copied
client = connect()
like = facts.image(client, "{like}")
with copied(pathlib.Path("/home/student/work/hidden")) as directory:
    (directory / "secret").write_text("{word}")
    with built(client, directory, like) as found:
        print("built" if not isinstance(found, str) else found)
"""
SEEN = """
cd ~
docker buildx history ls --no-trunc
for build in $(docker buildx history ls --no-trunc --format '{{.Ref}}'); do
    docker buildx history logs $build; docker buildx history inspect $build
done
docker buildx du --verbose
docker system df --verbose
for image in $(docker images --all --quiet --no-trunc | sort -u); do
    docker history --no-trunc $image
    docker run --rm --entrypoint cat $image /secret
done
"""


@pytest.mark.parametrize(
    ("builder", "last"),
    [
        ("1", "true"),
        *(pytest.param(*each, marks=pytest.mark.full) for each in (("0", "true"), ("0", "false"), ("1", "false"))),
    ],
)
def test_what_a_check_builds_is_not_to_be_seen_later(attacker: Attacker, builder: str, last: str) -> None:
    """Neither BuildKit's history, nor its blobs, nor an image shows what a check changed before it built again."""
    name, word = f"mine/{secrets.token_hex(4)}", secrets.token_hex(12)
    said = attacker.sh(
        f"""mkdir -p ~/hidden && cd ~/hidden && echo none >secret
        printf 'FROM busybox\\nCOPY secret /\\nRUN cat /secret; grep -q none /secret || {last}\\n' >Dockerfile
        DOCKER_BUILDKIT={builder} docker build --tag {name} . 2>&1 | tail -3""",
        "student",
    )
    text = BUILD.format(like=name, word=word).encode()
    python = ["env", "HOME=/tmp", "/opt/docker-course/venv/bin/python", "-"]
    done = attacker.box.run(python, text, "examiner", timeout=90)
    assert done.returncode == 0, done.stderr.decode()
    assert (done.stdout.strip() == b"built") == (last == "true"), (said, done.stdout)
    seen = attacker.sh(SEEN, "student")
    assert word not in seen
    blobs = directly(
        attacker,
        f"""
import re
listed = call("containerd.services.content.v1.Content/List")
found = re.findall(rb"sha256:[0-9a-f]{{64}}", listed)
blobs = [call("containerd.services.content.v1.Content/Read", field(1, name)) for name in found]
said["there"] = len(found) > 0 and any(blobs)
said["word"] = any({word.encode()!r} in blob for blob in blobs)
""",
    )
    assert not blobs["word"]


@pytest.mark.full
def test_exporters_and_caches_are_no_files_of_the_engines(attacker: Attacker) -> None:
    """What a build gives goes to the Engine's images or to its client; a cache goes into the image only."""
    said = directly(
        attacker,
        """
STEP = run("echo made >/f")
place = {"dest": "/run/planted", "name": "planted/by:exporter", "push": "true", "registry.insecure": "true"}
for kind in ("moby", "local", "tar", "oci", "docker", "image", "registry", "cacheonly"):
    said["to " + kind] = solves(BUSYBOX, STEP, exporter=entry(kind, **place))
place = {"dest": "/run/planted", "src": "/golden", "ref": "127.0.0.1:5000/c:latest", "digest": "sha256:" + "0" * 64,
         "mode": "max", "bucket": "b", "region": "r", "url": "http://127.0.0.1", "token": "t"}
for kind in ("inline", "local", "registry", "gha", "s3", "azblob"):
    said["cache to " + kind] = solves(BUSYBOX, STEP, cache_to=entry(kind, **place))
    said["cache from " + kind] = solves(BUSYBOX, STEP, cache_from=entry(kind, **place))
""",
    )
    imported = {name for name in said if name.startswith("cache from")}
    assert len(imported) == 6
    # One that is not there is passed over.
    assert {name for name, there in said.items() if there} == {"to moby", "cache to inline", *imported}
    assert attacker.sh("find / -xdev -name 'planted*'; ls /run | grep planted") == ""


def test_secrets_and_agents_of_a_build_are_the_clients_own(attacker: Attacker) -> None:
    """The client reads them, as the student; a build of the examiner's has none for the steps of a student's file."""
    attacker.sh(
        """mkdir -p ~/own && cd ~/own && echo mine >mine
        printf 'FROM busybox\\nRUN --mount=type=secret,id=x,required tr m M </run/secrets/x\\n' >Dockerfile""",
        "student",
    )
    build = "cd ~/own && docker build --progress plain --no-cache . 2>&1"
    assert "Mine" in attacker.sh(f"{build} --secret id=x,src=$PWD/mine", "student")
    for source in ("/etc/shadow", "/run/engine/docker.sock", "/proc/1/environ"):
        assert "ERROR: failed to build" in attacker.sh(f"{build} --secret id=x,src={source}", "student")
    for target in ("type=local,dest=/run/planted", "type=tar,dest=/run/planted"):
        assert "failed to build" in attacker.sh(f"{build} --output {target} --secret id=x,src=mine", "student")
    for kind in ("secret,id=x", "ssh"):
        file = f"FROM busybox\nRUN --mount=type={kind},required true\n"
        built = attacker.sh(f"printf '{file}' | HOME=/tmp docker -H unix:///run/engine/docker.sock build -", "examiner")
        assert "not found" in built or "unset ssh forward key" in built, built
