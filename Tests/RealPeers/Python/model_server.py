# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A scripted model with the interfaces of OpenAI and Anthropic. Prints its port.

It calls the first tool that it is offered, and says that it is done after a tool's result.
"""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-upstream-1234567890abcdef"
ARGUMENTS = '{"number": 7}'
PIECES = ('{"num', 'ber": 7}')
WORDS = ("It is ", "done.")
USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}


def has_result(messages):
    """Whether a tool has answered."""
    kinds = {"tool", "function_call_output", "tool_result"}
    for message in messages if isinstance(messages, list) else []:
        content = message.get("content")
        parts = content if isinstance(content, list) else []
        if message.get("role") in kinds or message.get("type") in kinds or any(p.get("type") in kinds for p in parts):
            return True
    return False


def chat(request, name):
    call = {"id": "t1", "type": "function", "function": {"name": name, "arguments": ARGUMENTS}}
    message = {"role": "assistant", "content": None if name else "".join(WORDS)}
    if name:
        message["tool_calls"] = [call]
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if name else "stop"}
    base = {"id": "c1", "created": 1, "model": request["model"]}
    return {**base, "object": "chat.completion", "choices": [choice], "usage": USAGE}


def chat_events(request, name):
    base = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": request["model"]}

    def chunk(delta, finish=None):
        return None, {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    if name:
        call = {"index": 0, "id": "t1", "type": "function", "function": {"name": name, "arguments": ""}}
        yield chunk({"role": "assistant", "content": None, "tool_calls": [call]})
        for piece in PIECES:
            yield chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
    else:
        yield chunk({"role": "assistant", "content": ""})
        for word in WORDS:
            yield chunk({"content": word})
    yield chunk({}, "tool_calls" if name else "stop")
    yield None, {**base, "choices": [], "usage": USAGE}
    yield None, None


def response(request, name):
    if name:
        item = {"type": "function_call", "id": "i1", "call_id": "t1", "name": name, "arguments": ARGUMENTS}
    else:
        part = {"type": "output_text", "text": "".join(WORDS), "annotations": []}
        item = {"type": "message", "id": "i1", "role": "assistant", "content": [part]}
    usage = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}
    usage["input_tokens_details"] = {"cached_tokens": 0}
    usage["output_tokens_details"] = {"reasoning_tokens": 0}
    return {
        "id": "r1", "object": "response", "created_at": 1, "model": request["model"], "status": "completed",
        "parallel_tool_calls": True, "tool_choice": "auto", "tools": request.get("tools") or [],
        "output": [{**item, "status": "completed"}], "usage": usage,
    }


def response_events(request, name):
    whole = response(request, name)
    item = whole["output"][0]
    early = {**whole, "status": "in_progress", "output": [], "usage": None}
    place = {"item_id": "i1", "output_index": 0}
    events = [("response.created", {"response": early}), ("response.in_progress", {"response": early})]
    if name:
        start = {**item, "arguments": "", "status": "in_progress"}
        events.append(("response.output_item.added", {"output_index": 0, "item": start}))
        events += [("response.function_call_arguments.delta", {**place, "delta": piece}) for piece in PIECES]
        events.append(("response.function_call_arguments.done", {**place, "arguments": ARGUMENTS, "name": name}))
    else:
        place["content_index"] = 0
        part = {"type": "output_text", "text": "", "annotations": []}
        start = {**item, "content": [], "status": "in_progress"}
        events.append(("response.output_item.added", {"output_index": 0, "item": start}))
        events.append(("response.content_part.added", {**place, "part": part}))
        events += [("response.output_text.delta", {**place, "delta": word, "logprobs": []}) for word in WORDS]
        events.append(("response.output_text.done", {**place, "text": "".join(WORDS), "logprobs": []}))
        events.append(("response.content_part.done", {**place, "part": item["content"][0]}))
    events.append(("response.output_item.done", {"output_index": 0, "item": item}))
    events.append(("response.completed", {"response": whole}))
    for number, (kind, members) in enumerate(events):
        yield kind, {"type": kind, "sequence_number": number, **members}


def message(request, name):
    call = {"type": "tool_use", "id": "t1", "name": name, "input": json.loads(ARGUMENTS)}
    text = {"type": "text", "text": "".join(WORDS)}
    return {
        "id": "m1", "type": "message", "role": "assistant", "model": request["model"],
        "content": [call if name else text], "stop_reason": "tool_use" if name else "end_turn", "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 3},
    }


def message_events(request, name):
    whole = message(request, name)
    early = {**whole, "content": [], "stop_reason": None, "usage": {"input_tokens": 9, "output_tokens": 1}}
    block = {**whole["content"][0], **({"input": {}} if name else {"text": ""})}
    if name:
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in PIECES]
    else:
        deltas = [{"type": "text_delta", "text": word} for word in WORDS]
    events = [("message_start", {"message": early}), ("content_block_start", {"index": 0, "content_block": block})]
    events.append(("ping", {}))
    events += [("content_block_delta", {"index": 0, "delta": delta}) for delta in deltas]
    events.append(("content_block_stop", {"index": 0}))
    end = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    events.append(("message_delta", {"delta": end, "usage": {"output_tokens": 3}}))
    events.append(("message_stop", {}))
    for kind, members in events:
        yield kind, {"type": kind, **members}


INTERFACES = {
    "/v1/chat/completions": ("messages", chat, chat_events),
    "/v1/responses": ("input", response, response_events),
    "/v1/messages": ("messages", message, message_events),
}


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, events):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for name, value in events:
            text = f"event: {name}\n" if name else ""
            text += f"data: {json.dumps(value) if value else '[DONE]'}\n\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text.encode()))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def do_GET(self):
        models = [{"id": name, "object": "model", "created": 1, "owned_by": "a"} for name in ("small", "large")]
        self.answer({"object": "list", "data": models})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if KEY not in (self.headers.get("Authorization", "").removeprefix("Bearer "), self.headers.get("x-api-key")):
            return self.answer({"error": {"message": "this is not the key"}}, 401)
        if self.path == "/v1/embeddings":
            vector = {"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}
            usage = {"prompt_tokens": 2, "total_tokens": 2}
            return self.answer({"object": "list", "model": request["model"], "data": [vector], "usage": usage})
        member, whole, events = INTERFACES[self.path]
        name = None
        if request.get("tools") and not has_result(request[member]):
            tool = request["tools"][0]
            name = tool.get("name") or tool["function"]["name"]
        if request.get("stream"):
            return self.stream(events(request, name))
        self.answer(whole(request, name))


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
print("port", server.server_port, flush=True)
server.serve_forever()
