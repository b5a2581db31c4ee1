#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Code that a model wrote, run where it can hurt nothing: sandbox.py URL TOKEN_FILE. Python's standard library only.

A tool of LangChain or AutoGen is one line around it:

    sandbox = Sandbox("http://127.0.0.1:8443", token)
    python = lambda code: sandbox.run(code)["stdout"]
"""

import json
import sys
import urllib.error
import urllib.request


class Sandbox:
    """Each run has a sandbox of its own, made and destroyed for it by the gate."""

    def __init__(self, url, token, network="none", timeout=5, **require):
        if network != "none":
            raise ValueError("a sandbox has no network; reach for things through the gate's other services")
        self.url, self.token, self.timeout, self.require = url, token, timeout, require

    def run(self, source, language="python", **more):
        body = {"language": language, "source": source, "limits": {"wall_ms": int(self.timeout * 1000)},
                "require": self.require, **more}
        request = urllib.request.Request(self.url + "/v1/sandbox/runs", json.dumps(body).encode(), {
            "Content-Type": "application/json", "Authorization": "Bearer " + self.token})
        try:
            with urllib.request.urlopen(request, timeout=self.timeout + 60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            raise PermissionError(f"{problem['reason']}: {problem.get('detail', '')}") from None

    def destroy(self):
        """Nothing is left of a run when its result comes."""


def main():
    url, token_file = sys.argv[1:]
    with open(token_file) as file:
        sandbox = Sandbox(url, file.read().strip(), network="none", timeout=5)
    print(sandbox.run("print(6 * 7)")["stdout"], end="")
    result = sandbox.run("import os; os.system('rm -rf / --no-preserve-root 2>/dev/null'); print('and still here')")
    print(result["outcome"], result["exit"])
    result = sandbox.run("import urllib.request; urllib.request.urlopen('http://192.0.2.1/')")
    print(result["exit"], result["stderr"].strip().splitlines()[-1][:40])
    sandbox.timeout = 0.5
    print(sandbox.run("while True: pass")["outcome"])
    try:
        Sandbox(url, sandbox.token, strength="vm", accel="hardware").run("print(1)")
        print("a virtual machine")
    except PermissionError as error:
        print(str(error).split(":")[0])
    sandbox.destroy()


if __name__ == "__main__":
    main()
