#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Writes an OCI image layout without a container engine: one layer with what Debian brings, one with the programs.

usage: image.py VERSION EPOCH STAGE CONFIGURATION OUTPUT

STAGE is the tree of the Debian package. The image has no shell and no package manager: the libraries that the programs
load, with their copyright files, the certificates of the public authorities, and the time zones.
"""

import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import stat
import sys
import tarfile
import time

import debian

USER = 65532
ENTRIES = {
    "etc/passwd": f"root:x:0:0:root:/root:/usr/sbin/nologin\nyett:x:{USER}:{USER}:Yett:/var/lib/yett:/usr/sbin/nologin\n",
    "etc/group": f"root:x:0:\nyett:x:{USER}:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
ZONES = "/usr/share/zoneinfo"
MEDIA = "application/vnd.oci.image"


class Layer:
    """A tree of files that becomes a tar archive with the same bytes whenever it has the same files."""

    def __init__(self, epoch):
        self.epoch = epoch
        self.members = {}

    def add(self, path, kind=tarfile.REGTYPE, mode=0o644, user=0, data=b"", link=""):
        path = path.strip("/")
        parent = os.path.dirname(path)
        if parent and parent not in self.members:
            self.add(parent, tarfile.DIRTYPE, 0o755)
        member = tarfile.TarInfo(path)
        member.type, member.mode, member.mtime, member.linkname, member.size = kind, mode, self.epoch, link, len(data)
        member.uid = member.gid = user
        self.members[path] = (member, data)

    def copy(self, source, path):
        """A file, a link or a tree of the machine."""
        status = os.lstat(source)
        if stat.S_ISLNK(status.st_mode):
            self.add(path, tarfile.SYMTYPE, 0o777, link=os.readlink(source))
        elif stat.S_ISDIR(status.st_mode):
            self.add(path, tarfile.DIRTYPE, 0o755)
            for name in sorted(os.listdir(source)):
                self.copy(f"{source}/{name}", f"{path}/{name}")
        else:
            self.add(path, mode=0o755 if status.st_mode & 0o100 else 0o644, data=pathlib.Path(source).read_bytes())

    def archive(self):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for _, (member, data) in sorted(self.members.items()):
                archive.addfile(member, io.BytesIO(data))
        return buffer.getvalue()


class Layout:
    """An image layout: contents by their hashes."""

    def __init__(self, directory):
        self.blobs = directory / "blobs" / "sha256"
        self.blobs.mkdir(parents=True)
        self.directory = directory

    def put(self, data, media, **further):
        digest = hashlib.sha256(data).hexdigest()
        (self.blobs / digest).write_bytes(data)
        return {"mediaType": media, "digest": f"sha256:{digest}", "size": len(data), **further}

    def put_json(self, value, media, **further):
        return self.put(json.dumps(value, sort_keys=True).encode(), media, **further)


def base_layer(epoch, programs):
    layer = Layer(epoch)
    # The directories that Debian has merged.
    for name in ("bin", "sbin", "lib", "lib64"):
        layer.add(f"usr/{name}", tarfile.DIRTYPE, 0o755)
        layer.add(name, tarfile.SYMTYPE, 0o777, link=f"usr/{name}")
    for name, real in sorted(debian.libraries(programs).items()):
        name = name if name.startswith("/usr") else "/usr" + name
        if not real.startswith("/usr"):
            real = "/usr" + real
        layer.copy(real, real)
        if name != real:
            layer.add(name, tarfile.SYMTYPE, 0o777, link=real)
    packages = debian.packages(programs) + ["ca-certificates", "tzdata"]
    for package in packages:
        layer.copy(debian.copyright_file(package).resolve(), f"usr/share/doc/{package}/copyright")
        # Where scanners look for the packages of an image without dpkg.
        status = debian.run("dpkg-query", "-s", package)
        layer.add(f"var/lib/dpkg/status.d/{package}", data=status.encode())
    layer.add("etc/ssl/certs/ca-certificates.crt", data=pathlib.Path(AUTHORITIES).read_bytes())
    layer.copy(ZONES, ZONES)
    layer.copy("/etc/os-release", "etc/os-release") if not os.path.islink("/etc/os-release") else layer.add(
        "etc/os-release", data=pathlib.Path("/etc/os-release").read_bytes())
    for path, text in ENTRIES.items():
        layer.add(path, data=text.encode())
    layer.add("tmp", tarfile.DIRTYPE, 0o1777)
    return layer


def program_layer(epoch, stage, configuration):
    layer = Layer(epoch)
    for name in ("usr/bin", "usr/lib/yett", "usr/share/doc/yett"):
        layer.copy(f"{stage}/{name}", name)
    layer.add("etc/yett/yett.yaml", data=pathlib.Path(configuration).read_bytes())
    for name in ("var/lib/yett", "run/yett"):
        layer.add(name, tarfile.DIRTYPE, 0o700, USER)
    return layer


def main():
    version, epoch, stage, configuration = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    output = pathlib.Path(sys.argv[5])
    shutil.rmtree(output, ignore_errors=True)
    layout = Layout(output)
    programs = sorted(str(path) for path in pathlib.Path(stage, "usr/lib/yett").glob("yett*"))
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch))
    layers, identities, history = [], [], []
    for text, layer in (
        ("Debian: libraries, certificates, time zones", base_layer(epoch, programs)),
        ("Yett", program_layer(epoch, stage, configuration)),
    ):
        archive = layer.archive()
        identities.append("sha256:" + hashlib.sha256(archive).hexdigest())
        layers.append(layout.put(gzip.compress(archive, 6, mtime=0), f"{MEDIA}.layer.v1.tar+gzip"))
        history.append({"created": created, "created_by": text})
    labels = {
        "org.opencontainers.image.title": "yett", "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "Apache-2.0", "org.opencontainers.image.created": created,
        "org.opencontainers.image.description": "One gate for everything an AI agent reaches for",
    }
    platform = {"architecture": debian.run("dpkg", "--print-architecture").strip(), "os": "linux"}
    image = layout.put_json(
        {
            **platform, "created": created, "history": history,
            "rootfs": {"type": "layers", "diff_ids": identities},
            "config": {
                "User": f"{USER}:{USER}", "Entrypoint": ["/usr/bin/yett"],
                "Cmd": ["run", "--config", "/etc/yett/yett.yaml"],
                "Env": ["PATH=/usr/bin", "YETT_SOCKET=/run/yett/admin.sock"], "WorkingDir": "/var/lib/yett",
                "ExposedPorts": {"3128/tcp": {}}, "StopSignal": "SIGTERM", "Labels": labels,
                "Volumes": {"/var/lib/yett": {}},
            },
        }, f"{MEDIA}.config.v1+json")
    manifest = layout.put_json(
        {
            "schemaVersion": 2, "mediaType": f"{MEDIA}.manifest.v1+json", "config": image, "layers": layers,
            "annotations": labels,
        }, f"{MEDIA}.manifest.v1+json", platform=platform,
        annotations={"org.opencontainers.image.ref.name": version})
    (output / "index.json").write_text(
        json.dumps({"schemaVersion": 2, "mediaType": f"{MEDIA}.index.v1+json", "manifests": [manifest]}) + "\n")
    (output / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}\n')
    size = sum(layer["size"] for layer in layers)
    print(f"image: {manifest['digest']}, {size >> 20} MiB in {len(layers)} layers")


main()
