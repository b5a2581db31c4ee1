# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""What Debian knows about the libraries that a program loads."""

import os
import pathlib
import re
import subprocess


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries(programs):
    """The real paths of the libraries that the programs load, the loader included, and the names they are found by."""
    found = {}
    for program in programs:
        listed = subprocess.run(["ldd", program], capture_output=True, text=True)
        # A static program has none.
        if listed.returncode != 0:
            continue
        for line in listed.stdout.splitlines():
            match = re.search(r"(?:=> )?(/\S+) \(0x", line)
            # The system's alone, not those that lie beside the program.
            if match and os.path.dirname(match.group(1)) != os.path.dirname(program):
                found[match.group(1)] = os.path.realpath(match.group(1))
    return found


def package_of(path):
    """The package that a file belongs to. The database knows some files by their place before /usr was merged."""
    for name in (path, path.removeprefix("/usr")):
        answer = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True)
        if answer.returncode == 0:
            return answer.stdout.split(":")[0].split(",")[0]
    raise SystemExit(f"packages: no Debian package owns {path}")


def packages(programs):
    """The packages of the libraries that programs load, by name, in order."""
    return sorted({package_of(real) for real in libraries(programs).values()})


def field(package, name):
    return run("dpkg-query", "-W", "-f", "${" + name + "}", package)


def copyright_file(package):
    return pathlib.Path("/usr/share/doc") / package / "copyright"


def licences(package):
    """The names that the package's copyright file gives its licences; none where it is not in the usual form."""
    try:
        text = copyright_file(package).read_text(errors="replace")
    except OSError:
        return []
    return sorted({name.strip() for name in re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)})
