# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Documents: links lead somewhere, and commands in code blocks exist."""

import os
import re
import shlex

README_LINES = 150
FENCE = re.compile(r"^\s*(```+|~~~+)\s*([\w-]*)(.*)$")
LINK = re.compile(r"\[[^\]\[]*\]\(([^)\s]+)\)")


def blocks(lines):
    """(language and attributes, first line number, lines) of each fenced block."""
    fence, info, start, body = None, "", 0, []
    for number, line in enumerate(lines, 1):
        match = FENCE.match(line)
        if fence is None and match:
            fence, info, start, body = match.group(1), (match.group(2) + match.group(3)).strip(), number + 1, []
        elif fence is not None and match and match.group(1).startswith(fence) and not match.group(2):
            yield info, start, body
            fence = None
        elif fence is not None:
            body.append(line)


def commands(lines):
    """(line number, words) of every shell command in console, bash and sh blocks."""
    for info, start, body in blocks(lines):
        language = info.split()[0] if info else ""
        if language not in {"console", "bash", "sh", "shell"}:
            continue
        joined, first = "", 0
        for offset, line in enumerate(body):
            text = line.strip()
            if not joined:
                first = start + offset
                if language == "console":
                    if not text.startswith("$ "):
                        continue
                    text = text[2:]
            joined += text.removesuffix("\\")
            if text.endswith("\\"):
                joined += " "
                continue
            for part in re.split(r"\s(?:&&|\|\||\||;)\s", joined):
                try:
                    words = shlex.split(part, comments=True)
                except ValueError:
                    words = part.split()
                while words and (words[0] in {"sudo", "env", "exec", "time"} or re.match(r"^[A-Z_]+=", words[0])):
                    words = words[1:]
                if words:
                    yield first, words
            joined = ""


def make_targets(makefile):
    return {match.group(1) for line in makefile if (match := re.match(r"^([a-z][a-z-]*):(?!=)", line))}


class Command:
    """One command of the program's `--experimental-dump-help`."""

    def __init__(self, document):
        self.children = {entry["commandName"]: Command(entry) for entry in document.get("subcommands", [])}
        self.options = {"--help", "-h", "--version"}
        self.takes_rest = False
        for argument in document.get("arguments", []):
            self.takes_rest |= argument.get("kind") == "positional"
            for name in argument.get("names") or []:
                self.options.add(("-" if name["kind"] == "short" else "--") + name["name"])

    def complaint(self, words):
        """What is wrong with the words after the command's name; nothing when they fit."""
        for index, word in enumerate(words):
            if word == "--":
                return None
            if word.startswith("-") and word != "-":
                if word.split("=")[0] not in self.options:
                    return f"has no option {word.split('=')[0]}"
            elif word in self.children:
                inner = self.children[word].complaint(words[index + 1:])
                return inner and f"{word} {inner}"
            elif self.children and index == 0:
                return f"has no command '{word}'; there are {', '.join(sorted(self.children))}"
        return None


def check_commands(path, lines, targets, program):
    """`make` targets and `yett` commands in code blocks. `program` is the Command tree, or None before a build."""
    for number, words in commands(lines):
        name = os.path.basename(words[0])
        if name == "make":
            for word in words[1:]:
                if "=" not in word and not word.startswith("-") and word not in targets:
                    yield f"{path}:{number}: there is no 'make {word}'"
        elif name == "yett" and program is not None:
            if complaint := program.complaint(words[1:]):
                yield f"{path}:{number}: yett {complaint}"
        elif "/" in words[0] and words[0].startswith(("dev/", "./dev/", "examples/")) and not os.path.exists(words[0]):
            yield f"{path}:{number}: there is no {words[0]}"


def check_links(path, lines, exists):
    """Relative links, with their anchors when they lead into a document."""
    inside = False
    for number, line in enumerate(lines, 1):
        if FENCE.match(line):
            inside = not inside
        if inside:
            continue
        for target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"^[a-z]+:", target) or target.startswith("#"):
                continue
            file = os.path.normpath(os.path.join(os.path.dirname(path), target.split("#")[0]))
            if not exists(file):
                yield f"{path}:{number}: the link {target} leads nowhere"


def check_length(path, lines):
    if path == "README.md" and len(lines) >= README_LINES:
        yield f"{path}: {len(lines)} lines; it stays under {README_LINES}"
