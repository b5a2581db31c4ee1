# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""Anthropic's SDK against the gate: anthropic_client.py URL. Prints what it sees."""

import sys

from anthropic import Anthropic, PermissionDeniedError

client = Anthropic(base_url=sys.argv[1], api_key="agents-have-none", max_retries=0)
hello = [{"role": "user", "content": "hello"}]
schema = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}
tools = [{"name": "read_ticket", "description": "Reads a ticket.", "input_schema": schema}]


def ask(model="small", **options):
    return client.messages.create(model=model, max_tokens=100, messages=hello, **options)


def stream(**options):
    with client.messages.stream(model="small", max_tokens=100, messages=hello, **options) as stream:
        return stream.get_final_message().content[0]


print("messages", ask().content[0].text)
print("messages tool", ask(tools=tools).content[0].input)
print("messages stream", stream().text)
print("messages tool stream", stream(tools=tools).input)
try:
    ask("large")
except PermissionDeniedError as error:
    print("other model", error.status_code, error.body["error"]["message"].split()[-1])
