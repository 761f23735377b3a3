#!/bin/sh
# Finishes a machine's root directory: ssh for root with one key, a network by DHCP, and the project's environment.
#
# Run by mmdebstrap with a network in reach, because the machine has none.
# Usage: customize.sh ROOT MATERIAL     MATERIAL holds authorized_keys, checkout.tar, uv, and perhaps ca-bundle.crt
set -eu
root=$1
material=$2

install -d -m 700 "$root/root/.ssh"
install -m 600 "$material/authorized_keys" "$root/root/.ssh/authorized_keys"
echo machine >"$root/etc/hostname"
echo '127.0.0.1 localhost machine' >"$root/etc/hosts"
printf '[Match]\nName=en* eth*\n[Network]\nDHCP=ipv4\n' >"$root/etc/systemd/network/80-machine.network"
chroot "$root" systemctl enable systemd-networkd.service
# Images keep the ids that they have on a host with the classic store: what was built of them counts as up to date.
mkdir -p "$root/etc/docker"
echo '{"features": {"containerd-snapshotter": false}}' >"$root/etc/docker/daemon.json"

mkdir -p "$root/opt/docker-course"
tar -xf "$material/checkout.tar" -C "$root/opt/docker-course"
install -m 755 "$material/uv" "$root/tmp/uv"
cp "$material"/ca-bundle.crt "$root/tmp/" 2>/dev/null || cp "$root/etc/ssl/certs/ca-certificates.crt" "$root/tmp/ca-bundle.crt"
chroot "$root" env -C /opt/docker-course HOME=/root SSL_CERT_FILE=/tmp/ca-bundle.crt UV_LINK_MODE=copy \
    /tmp/uv sync --locked --no-cache --compile-bytecode --python /usr/bin/python3
rm -rf "$root/tmp/uv" "$root/tmp/ca-bundle.crt" "$root"/var/cache/apt/archives/*.deb
