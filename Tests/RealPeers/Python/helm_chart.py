# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Whether a Helm chart makes the documents of a directory: helm_chart.py CHART DIRECTORY [HELM].

With a HELM program it makes them; without one the constructs that the chart uses are filled in here: values, `range`,
`quote`, `toYaml` and `nindent`.
"""

import json
import pathlib
import re
import subprocess
import sys

import yaml

TOKEN = re.compile(r"(?P<left>\s*)\{\{(?P<trim>-?)\s*(?P<action>.*?)\s*\}\}", re.DOTALL)


def lookup(path, root, here):
    if path == ".":
        return here
    start = root if path.startswith(("$.", ".Values")) else here
    for name in path.removeprefix("$").strip(".").split("."):
        start = start[name]
    return start


def evaluate(action, root, here):
    """A value behind functions, such as `toYaml .Values.a | nindent 4`."""
    result = None
    for number, step in enumerate(action.split("|")):
        words = step.split()
        if number == 0 and words[0] != "toYaml":
            assert len(words) == 1, action
            result = lookup(words[0], root, here)
        elif words[0] == "toYaml":
            result = yaml.safe_dump(lookup(words[1], root, here), sort_keys=False).rstrip("\n")
        elif words[0] == "quote":
            result = json.dumps(str(result))
        elif words[0] == "nindent":
            pad = " " * int(words[1])
            result = "\n" + "\n".join(pad + line if line else line for line in str(result).split("\n"))
        else:
            raise ValueError(f"unknown function {words[0]}")
    return str(result)


def fill(text, root, here):
    """The text with its actions carried out."""
    result, position = "", 0
    while match := TOKEN.search(text, position):
        result += text[position:match.start()]
        if not match.group("trim"):
            result += match.group("left")
        position = match.end()
        action = match.group("action")
        if action.startswith("range "):
            body, position = block(text, position)
            for item in lookup(action.split()[1], root, here):
                result += fill(body, root, item)
        else:
            result += evaluate(action, root, here)
    return result + text[position:]


def block(text, position):
    """What stands before the `end` that fits, and where the text goes on."""
    depth, start = 1, position
    while match := TOKEN.search(text, position):
        position = match.end()
        depth += {"range": 1, "end": -1}.get(match.group("action").split()[0], 0)
        if depth == 0:
            end = match.start() if match.group("trim") else match.start("trim") - 2
            return text[start:end], position
    raise ValueError("a range has no end")


def documents(texts):
    found = {}
    for text in texts:
        for document in yaml.safe_load_all(text):
            metadata = document["metadata"]
            key = (document["kind"], metadata.get("namespace", ""), metadata["name"])
            assert key not in found, key
            found[key] = document
    return found


def main():
    chart, directory = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if len(sys.argv) > 3:
        made = subprocess.run([sys.argv[3], "template", "yett", chart], check=True, capture_output=True, text=True)
        actual = documents([made.stdout])
    else:
        values = yaml.safe_load((chart / "values.yaml").read_text())
        root = {"Values": values}
        actual = documents(fill(path.read_text(), root, root) for path in sorted(chart.glob("templates/*.yaml")))
    expected = documents(path.read_text() for path in sorted(directory.glob("[0-9]*.yaml")))
    assert actual.keys() == expected.keys(), sorted(actual.keys() ^ expected.keys())
    for key, document in expected.items():
        assert actual[key] == document, f"{key}: {json.dumps(actual[key])} is not {json.dumps(document)}"
    print("equal", len(expected))


main()
