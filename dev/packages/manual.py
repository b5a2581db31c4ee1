#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Writes the manual pages out of what the program says about itself.

usage: manual.py HELP.json VERSION EPOCH DIRECTORY

HELP.json is what `yett --experimental-dump-help` prints. There is a page for the program and one for each command;
commands of commands are sections of their page.
"""

import json
import pathlib
import sys
import time

EXIT_STATUS = """.Sh EXIT STATUS
.Bl -tag -width Ds -compact
.It 0
done
.It 1
refused or failed; the message says what happened and what to type next
.It 2
wrong usage or wrong configuration
.El
"""

ENVIRONMENT = """.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev YETT_SOCKET
The operators' socket of the gate, where neither
.Fl \\-socket
nor
.Fl \\-config
is given.
.El
"""

FILES = """.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/yett/yett.yaml
the configuration of the gate that the package installs
.It Pa /run/yett/admin.sock
its operators' socket
.It Pa /var/lib/yett
its audit log and its state
.El
"""


def escape(text):
    """Text that means itself in roff, with no line that would be taken for a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("`", "")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def sentence_per_line(text):
    """A new sentence begins a new line, so that roff spaces it well."""
    lines = []
    for paragraph in text.split("\n\n"):
        joined = " ".join(paragraph.split())
        lines.append(escape(joined).replace(". ", ".\n").replace("\n.", "\n\\&."))
    return "\n.Pp\n".join(lines)


def words(text):
    """One argument of a macro, whatever it is made of."""
    return '"' + escape(text) + '"'


def flag(name):
    """`-h` or `--help` as mdoc writes it."""
    return {"short": "", "long": "\\-", "longWithSingleDash": ""}[name["kind"]] + escape(name["name"])


def shown(command):
    """The arguments of a command that are its own."""
    for argument in command.get("arguments", []):
        named = argument.get("preferredName", {}).get("name")
        if argument.get("shouldDisplay", True) and named not in ("help", "version"):
            yield argument


def inner(argument):
    """An argument as a synopsis has it, without brackets."""
    value = f"Ar {words(argument['valueName'])}"
    if argument["kind"] == "positional":
        text = value
    else:
        text = f"Fl {flag(argument['preferredName'])}"
        if argument["kind"] == "option":
            text += f" {value}"
    return text + (" ..." if argument.get("isRepeating") else "")


def synopsis(command, name):
    lines = [f".Nm {words(name)}"]
    for argument in shown(command):
        lines.append((".Op " if argument.get("isOptional") else ".") + inner(argument))
    if children(command):
        lines.append(".Ar command")
        lines.append(".Op Ar argument ...")
    return "\n".join(lines) + "\n"


def options(command):
    """The list of a command's arguments."""
    items = []
    for argument in shown(command):
        if argument["kind"] == "positional":
            head = f".It Ar {words(argument['valueName'])}"
        else:
            head = ".It " + " , ".join(f"Fl {flag(name)}" for name in argument["names"])
            if argument["kind"] == "option":
                head += f" Ar {words(argument['valueName'])}"
        text = sentence_per_line(argument.get("abstract", ""))
        if values := argument.get("allValues"):
            if not all(value in argument.get("abstract", "") for value in values):
                text += f"\nOne of {escape(', '.join(values))}."
        if "defaultValue" in argument:
            text += f"\nWithout it: {escape(argument['defaultValue'])}."
        items.append(f"{head}\n{text}".rstrip())
    return ".Bl -tag -width Ds\n" + "\n".join(items) + "\n.El\n" if items else ""


def children(command):
    return [child for child in command.get("subcommands", []) if child["commandName"] != "help"]


def heading(kind, title):
    return f".{kind} {escape(title)}\n"


def subsections(command, name):
    """The commands of a command, and theirs."""
    text = ""
    for child in children(command):
        full = f"{name} {child['commandName']}"
        text += heading("Ss", full)
        text += ".Bd -ragged -compact\n" + synopsis(child, full) + ".Ed\n.Pp\n"
        text += sentence_per_line(child.get("abstract", "")) + "\n"
        if discussion := child.get("discussion"):
            text += ".Pp\n" + sentence_per_line(discussion) + "\n"
        text += options(child) + subsections(child, full)
    return text


def page(command, name, others, version, epoch):
    title = name.replace(" ", "-")
    date = time.strftime("%B %-d, %Y", time.gmtime(epoch))
    text = '.\\" SPDX-License-Identifier: Apache-2.0\n.\\" Copyright 2026 The Yett Authors\n'
    text += f".Dd {date}\n.Dt {title.upper()} 1\n.Os {words('Yett ' + version)}\n"
    text += f".Sh NAME\n.Nm {escape(title)}\n.Nd {escape(command['abstract'].rstrip('.'))}\n"
    text += ".Sh SYNOPSIS\n" + synopsis(command, name)
    text += ".Sh DESCRIPTION\n" + sentence_per_line(command["abstract"]) + "\n"
    if discussion := command.get("discussion"):
        text += ".Pp\n" + sentence_per_line(discussion) + "\n"
    text += options(command)
    if name == "yett":
        text += ".Sh COMMANDS\n.Bl -tag -width Ds\n"
        for child in children(command):
            text += f".It Xr yett\\-{escape(child['commandName'])} 1\n{sentence_per_line(child['abstract'])}\n"
        text += ".El\n"
    elif nested := subsections(command, name):
        text += ".Sh COMMANDS\n" + nested
    text += (ENVIRONMENT if uses_socket(command) else "") + (FILES if name in ("yett", "yett run") else "")
    text += EXIT_STATUS
    text += ".Sh SEE ALSO\n" + " ,\n".join(f".Xr {escape(other)} 1" for other in others) + "\n"
    return title, text


def uses_socket(command):
    """Whether a command, or one below it, asks the running gate."""
    own = any(argument.get("preferredName", {}).get("name") == "socket" for argument in command.get("arguments", []))
    return own or any(uses_socket(child) for child in children(command))


def main():
    source, version, epoch, directory = sys.argv[1], sys.argv[2], int(sys.argv[3]), pathlib.Path(sys.argv[4])
    program = json.loads(pathlib.Path(source).read_text())["command"]
    directory.mkdir(parents=True, exist_ok=True)
    pages = [page(program, "yett", ["yett-run", "yett-status"], version, epoch)]
    for command in children(program):
        others = ["yett"] if command["commandName"] == "run" else ["yett", "yett-run"]
        pages.append(page(command, f"yett {command['commandName']}", others, version, epoch))
    for title, text in pages:
        (directory / f"{title}.1").write_text(text)
    print(f"manual: {len(pages)} pages")


main()
