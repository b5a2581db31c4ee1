# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A client of gRPC that calls a server of `grpc_server.py`, and prints what comes back."""
import queue
import sys

import grpc

options = [("grpc.default_authority", "echo.gate.test"), ("grpc.enable_retries", 0)]
channel = grpc.insecure_channel("127.0.0.1:" + sys.argv[1], options=options)
path = "/demo.Echo/"


def trailer(call, name):
    return dict(call.trailing_metadata()).get(name)


answer, call = channel.unary_unary(path + "Unary").with_call(b"abc", timeout=20)
print("unary", answer.decode(), call.code().name, trailer(call, "x-length"))
answer, call = channel.unary_unary(path + "Unary").with_call(b"x" * 1_000_000, timeout=60)
print("large", len(answer), trailer(call, "x-length"))
print("collect", channel.stream_unary(path + "Collect")(iter([b"a", b"b", b"c"]), timeout=20).decode())
print("count", b"".join(channel.unary_stream(path + "Count")(b"5", timeout=20)).decode())

# Each message is sent only when the answer to the one before has come.
said = queue.SimpleQueue()
said.put(b"one")
call = channel.stream_stream(path + "Chat")(iter(said.get, None), timeout=20)
heard = []
for message in call:
    heard.append(message.decode())
    said.put(b"two" if len(heard) == 1 else None)
print("chat", " ".join(heard), call.code().name, trailer(call, "x-kind"), trailer(call, "x-raw-bin"))


def fails(method, request=b"x", timeout=20):
    try:
        channel.unary_unary(path + method)(request, timeout=timeout)
    except grpc.RpcError as error:
        return error


error = fails("Fail")
print("fail", error.code().name, error.details(), trailer(error, "x-hint"))
print("unknown", fails("Unknown").code().value[0])
error = fails("Denied")
print("denied", error.code().name, error.details().split(":")[0], trailer(error, "yett-reason"))

how = channel.unary_unary(path + "How")
try:
    list(channel.unary_stream(path + "Hang")(b"late", timeout=1))
except grpc.RpcError as error:
    print("deadline", error.code().name, how(b"", timeout=20).decode())
call = channel.unary_stream(path + "Hang")(b"stream", timeout=20)
print("begun", next(call).decode())
call.cancel()
print("cancelled", call.code().name, how(b"", timeout=20).decode())
print("still", channel.unary_unary(path + "Unary")(b"ok", timeout=20).decode())
