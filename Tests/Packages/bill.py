# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Judges a bill of materials with the schema of CycloneDX 1.6, as the official library has it.

usage: bill.py FILE
"""

import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = pathlib.Path(sys.argv[1]).read_text()
if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
    raise SystemExit(f"{sys.argv[1]}: {error}")
components = json.loads(text)["components"]
assert all(component.get("version") for component in components)
for kind in ("pkg:swift/github.com/apple/swift-nio@", "pkg:deb/debian/libsqlite3-0@"):
    assert any(component.get("purl", "").startswith(kind) for component in components), kind
print(f"holds: the bill of materials is CycloneDX 1.6: {len(components)} components")
