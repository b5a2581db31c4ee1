#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Writes the bill of materials, CycloneDX 1.6: the Swift packages that are linked in and the Debian libraries that are loaded.

usage: bill.py VERSION EPOCH OUTPUT PROGRAM...
"""

import json
import pathlib
import re
import sys
import time
import uuid

import debian

RESOLVED = pathlib.Path("Package.resolved")
CHECKOUTS = pathlib.Path(".build/checkouts")
# How the texts of the licences of Swift packages begin.
LICENCES = {"Apache License": "Apache-2.0", "MIT License": "MIT", "The MIT License": "MIT"}


def swift_licence(checkout):
    """The SPDX name of a package's licence, by the text in its checkout."""
    for path in sorted(checkout.glob("LICENSE*")):
        beginning = path.read_text(errors="replace")[:2000]
        for words, name in LICENCES.items():
            if words in beginning:
                return name
        if "Permission is hereby granted, free of charge" in beginning:
            return "MIT"
        # swift-protobuf and others: Apache with the exception for what a compiler copies.
    raise SystemExit(f"bill: no licence is known in {checkout}")


def swift_components():
    for pin in json.loads(RESOLVED.read_text())["pins"]:
        location = pin["location"].removeprefix("https://").removesuffix(".git")
        name, version = location.split("/")[-1], pin["state"]["version"]
        checkout = CHECKOUTS / name
        reference = f"pkg:swift/{location}@{version}"
        yield {
            "type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference,
            "licenses": [{"license": {"id": swift_licence(checkout)}}],
            "externalReferences": [{"type": "vcs", "url": pin["location"]}],
            "properties": [{"name": "git:revision", "value": pin["state"]["revision"]}],
        }
        # The copy of BoringSSL that a package brings along has a revision of its own.
        commit = re.search(r"BoringSSL Commit: ([0-9a-f]{40})", (checkout / "Package.swift").read_text())
        if commit:
            yield {
                "type": "library", "bom-ref": f"{reference}#boringssl", "name": "boringssl",
                "version": commit.group(1), "licenses": [{"expression": "OpenSSL AND ISC AND MIT"}],
                "properties": [{"name": "contained-in", "value": reference}],
            }


def toolchain():
    version = re.search(r"Swift version ([0-9.]+)", debian.run("swift", "--version")).group(1)
    return {
        "type": "library", "bom-ref": "swift-runtime", "name": "swift-runtime", "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "description": "The standard library and Foundation of the toolchain, linked in, with its runtime exception",
    }


def debian_components(programs):
    for package in debian.packages(programs):
        version, architecture = debian.field(package, "Version"), debian.field(package, "Architecture")
        names = debian.licences(package)
        yield {
            "type": "library", "bom-ref": f"deb:{package}", "name": package, "version": version,
            "purl": f"pkg:deb/debian/{package}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}",
            **({"licenses": [{"license": {"name": name}} for name in names]} if names else {}),
        }


def main():
    version, epoch, output, programs = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4:]
    components = [*swift_components(), toolchain(), *debian_components(programs)]
    program = f"pkg:generic/yett@{version}"
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
        "serialNumber": "",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
            "component": {
                "type": "application", "bom-ref": program, "name": "yett", "version": version, "purl": program,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": components,
        "dependencies": [
            {"ref": program, "dependsOn": [component["bom-ref"] for component in components]},
            *({"ref": component["bom-ref"]} for component in components),
        ],
    }
    # The same materials have the same number.
    bill["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bill, sort_keys=True)).urn
    output.write_text(json.dumps(bill, indent=2) + "\n")
    print(f"bill of materials: {len(components)} components")


main()
