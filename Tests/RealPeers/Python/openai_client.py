# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""OpenAI's SDK against the gate: openai_client.py URL. Prints what it sees."""

import sys

from openai import OpenAI, PermissionDeniedError

client = OpenAI(base_url=sys.argv[1], api_key="agents-have-none", max_retries=0)
hello = [{"role": "user", "content": "hello"}]
schema = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}
tools = [{"type": "function", "function": {"name": "read_ticket", "parameters": schema}}]
flat = [{"type": "function", "name": "read_ticket", "parameters": schema, "strict": False}]
foreign = [{"type": "function", "function": {"name": "delete_ticket", "parameters": schema}}]


def denied(call):
    try:
        call()
        return "allowed"
    except PermissionDeniedError as error:
        return f"{error.status_code} {error.body['code']}"


def chat(model="small", **options):
    return client.chat.completions.create(model=model, messages=hello, **options)


print("models", *[model.id for model in client.models.list()])
print("chat", chat().choices[0].message.content)
print("chat stream", "".join(c.choices[0].delta.content or "" for c in chat(stream=True) if c.choices))
print("chat tool", chat(tools=tools).choices[0].message.tool_calls[0].function.arguments)
with client.chat.completions.stream(model="small", messages=hello, tools=tools) as stream:
    final = stream.get_final_completion()
print("chat tool stream", final.choices[0].message.tool_calls[0].function.arguments)
print("responses", client.responses.create(model="small", input="hello").output_text)
print("responses tool", client.responses.create(model="small", input="hello", tools=flat).output[0].arguments)
events = list(client.responses.create(model="small", input="hello", stream=True))
print("responses stream", events[-1].response.output_text)
events = list(client.responses.create(model="small", input="hello", tools=flat, stream=True))
print("responses tool stream", events[-1].response.output[0].arguments)
print("embeddings", client.embeddings.create(model="small", input="hello", encoding_format="float").data[0].embedding)
print("other model", denied(lambda: chat("large")))
print("other model stream", denied(lambda: chat("large", stream=True)))
print("other tool", denied(lambda: chat(tools=foreign)))
