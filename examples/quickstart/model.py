#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A model endpoint in the shape of a chat completions API that answers from a table: model.py PORT."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOST_BYTES = 1 << 20
ANSWERS = {
    "refund": "The customer asks for a refund. Suggested answer: confirm the order number and refund within 14 days.",
    "sign in": "The customer cannot sign in. Suggested answer: send a link to set a new password.",
}


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            return self.answer(411, {"error": "a Content-Length of at most 1 MiB is needed"})
        body = self.rfile.read(int(length))
        if self.path != "/v1/chat/completions":
            return self.answer(404, {"error": "only /v1/chat/completions is here"})
        try:
            question = json.loads(body)["messages"][-1]["content"].lower()
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            return self.answer(400, {"error": "messages with a content are needed"})
        text = next((answer for word, answer in ANSWERS.items() if word in question), "No suggestion.")
        self.answer(200, {
            "object": "chat.completion", "model": "quickstart",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        })

    def answer(self, status, document):
        body = (json.dumps(document) + "\n").encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, template, *arguments):
        print("model:", template % arguments, flush=True)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Model).serve_forever()
