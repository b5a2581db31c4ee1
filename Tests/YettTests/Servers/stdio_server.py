# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A local MCP server that behaves as its first argument says. It speaks revision 2025-11-25."""

import json
import os
import signal
import sys
import time

manner = sys.argv[1]


def write(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def send(message):
    write(json.dumps({"jsonrpc": "2.0", **message}))


def answer(request, result):
    send({"id": request["id"], "result": result})


tool = {"name": "echo", "inputSchema": {"type": "object", "properties": {"text": {"type": "string"}}}}
if manner == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if manner == "prints":
    write("Starting the server...")
    write('["no", "message"]')
for line in sys.stdin:
    message = json.loads(line)
    method = message.get("method")
    if method == "initialize":
        answer(
            message,
            {
                "protocolVersion": message["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "s", "version": "1"},
            },
        )
    elif method == "tools/list":
        answer(message, {"tools": [tool]})
    elif method == "tools/call":
        print("called", message["params"]["arguments"], "\x1b[31m", file=sys.stderr, flush=True)
        if manner == "dies":
            os._exit(3)
        if manner == "twice":
            write('{"jsonrpc":"2.0","id":%d,"result":{"content":[]},"result":{"content":[]}}' % message["id"])
        elif manner == "foreign":
            send({"id": 4711, "result": {"content": []}})
        elif manner == "floods":
            while True:
                write("x" * 1000)
        elif manner == "notifies":
            for step in range(2000):
                send({"method": "notifications/message", "params": {"level": "info", "data": step}})
        elif manner == "long":
            write('{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"%s"}]}}' % (message["id"], "x" * 40000))
        if manner != "foreign":
            answer(message, {"content": [{"type": "text", "text": message["params"]["arguments"].get("text", "")}]})
if manner == "stubborn":
    while True:
        time.sleep(1)
