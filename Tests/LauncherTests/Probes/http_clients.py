# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
import sys

client = __import__(sys.argv[1])
for address in ("https://web.test/hello.txt", "http://web.test/hello.txt"):
    answer = client.get(address)
    assert answer.status_code == 200 and answer.text == "hello through the gate\n", (address, answer.status_code)
try:
    client.get("https://denied.example/")
    raise SystemExit("a denied name answered")
except Exception as error:
    assert "403" in str(error), error
print("all")
