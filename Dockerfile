# One image, two uses: the sandbox in which a submission is graded, and the lab in which a student works.
#
# It holds a Docker Engine with its command line, buildx and Compose, and the Python environment of this project.
# Started by `autograder.sandbox`, which also says with which few rights. Nothing in it needs a registry: without one,
# BASE is made by mmdebstrap (`docker-course setup` does both).
ARG BASE=debian:forky
# What Dockerfiles install inside a sandbox: images/packages.
ARG PACKAGES=docker-fundamentals/packages

# --- the Engine ------------------------------------------------------------------------------------------------------
FROM ${BASE} AS engine
# Debian testing's Release file may be past its date at a mirror; its signature is still checked.
RUN apt-get -o Acquire::Check-Valid-Until=false update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        busybox ca-certificates containerd curl docker-buildx docker-cli docker-compose docker.io iproute2 iptables \
        libcap2-bin procps python3 runc tini uidmap \
    && rm -rf /var/lib/apt/lists/* /var/lib/docker
# newuidmap and newgidmap get one file capability each in place of the setuid bit: a process whose bounding set is that
# small could not open uid_map through a setuid program.
RUN groupadd --gid 200000 sandbox && useradd --uid 200000 --gid sandbox --no-create-home --shell /usr/sbin/nologin sandbox \
    && groupadd --gid 1000 student && useradd --uid 1000 --gid student --create-home --shell /bin/bash student \
    && groupadd --gid 1001 examiner && useradd --uid 1001 --gid examiner --no-create-home --home-dir /run/engine examiner \
    && groupadd --gid 1002 gateway && useradd --uid 1002 --gid gateway --no-create-home --shell /usr/sbin/nologin gateway \
    && echo sandbox:200001:65535 >/etc/subuid && cp /etc/subuid /etc/subgid \
    && chmod u-s /usr/bin/newuidmap /usr/bin/newgidmap \
    && setcap cap_setuid=ep /usr/bin/newuidmap && setcap cap_setgid=ep /usr/bin/newgidmap \
    && mkdir -p /golden /store /var/lib/docker /home/student/work && chown student:student /home/student/work

# --- Python packages, as locked --------------------------------------------------------------------------------------
FROM engine AS python
# Kept without a name, because the next build takes it from there; an older one is removed by this label.
LABEL org.docker-fundamentals.made=sandbox-stage
RUN apt-get -o Acquire::Check-Valid-Until=false update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-venv
WORKDIR /opt/docker-course
# A network that opens TLS traffic has its own certificate authority: the bundle of the machine that builds, if it sent one.
COPY ca-bundle.crt* pyproject.toml uv.lock ./
COPY autograder/runner/kernelspec autograder/runner/kernelspec
COPY course/jupyterlab course/jupyterlab
# Without two packages that only work outside: jupytext builds notebooks, and would change JupyterLab's menus; nh3
# cleans feedback pages.
RUN if [ -e ca-bundle.crt ]; then export SSL_CERT_FILE=$PWD/ca-bundle.crt PIP_CERT=$PWD/ca-bundle.crt; fi \
    && python3 -m venv /tmp/uv && /tmp/uv/bin/pip install --quiet uv \
    && touch README.md course/__init__.py autograder/__init__.py \
    && UV_PROJECT_ENVIRONMENT=/opt/docker-course/venv UV_LINK_MODE=copy /tmp/uv/bin/uv sync \
        --locked --no-dev --no-install-package jupytext --no-install-package nh3 \
        --no-cache --compile-bytecode --python /usr/bin/python3 \
    && rm -rf ca-bundle.crt course autograder

# --- packages for builds inside -------------------------------------------------------------------------------------
FROM ${PACKAGES} AS packages

# --- all but the project's files -------------------------------------------------------------------------------------
FROM engine AS system
COPY --from=packages / /srv/packages
COPY --from=python /opt/docker-course /opt/docker-course
ENV PATH=/opt/docker-course/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8
CMD ["/opt/docker-course/autograder/sandbox/inside/boot.sh", "900"]

# --- the sandbox -----------------------------------------------------------------------------------------------------
FROM system
COPY autograder /opt/docker-course/autograder
RUN python3 -m compileall -q /opt/docker-course/autograder
# Last, because it changes most: whoever writes an exercise waits for these two steps at each try.
COPY course /opt/docker-course/course
RUN python3 -m compileall -q /opt/docker-course/course
