#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A small ticket system, so that the quickstart has something true to reach: tickets.py PORT."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TICKETS = {
    "T-881": {"id": "T-881", "from": "ada@example.com", "title": "Refund for order 4711", "state": "open"},
    "T-882": {"id": "T-882", "from": "grace@example.com", "title": "Cannot sign in since Monday", "state": "open"},
    "T-883": {"id": "T-883", "from": "alan@example.com", "title": "Invoice shows the wrong address", "state": "closed"},
}


class Tickets(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/tickets":
            self.answer(200, list(TICKETS.values()))
        elif ticket := TICKETS.get(path.removeprefix("/tickets/")):
            self.answer(200, ticket)
        else:
            self.answer(404, {"error": f"no ticket at {path}"})

    def do_DELETE(self):
        # The gate is to refuse this; a ticket system that obeys would make a leak visible.
        removed = TICKETS.pop(self.path.removeprefix("/tickets/"), None)
        self.answer(200 if removed else 404, {"removed": bool(removed)})

    def answer(self, status, document):
        body = (json.dumps(document, indent=2) + "\n").encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, template, *arguments):
        print("tickets:", template % arguments, flush=True)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Tickets).serve_forever()
