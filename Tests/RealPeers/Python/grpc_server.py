# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A server of gRPC with each kind of call, which tells afterwards how calls ended that it never answered."""
import queue
import threading
from concurrent import futures

import grpc

ended = queue.Queue()


def unary(request, context):
    context.set_trailing_metadata((("x-length", str(len(request))),))
    return request[::-1]


def collect(requests, context):
    return b"+".join(requests)


def count(request, context):
    for number in range(int(request)):
        yield b"%d" % number


def chat(requests, context):
    context.set_trailing_metadata((("x-kind", "chat"), ("x-raw-bin", b"\x00\xff")))
    for request in requests:
        yield request + b"!"


def fail(request, context):
    context.set_trailing_metadata((("x-hint", "try less"),))
    context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too much: \u00fc")


def hang(request, context):
    over = threading.Event()
    remaining = context.time_remaining()
    known = remaining is not None and remaining <= 21
    context.add_callback(lambda: (over.set(), ended.put(request + (b" with a deadline" if known else b" without one"))))
    if request == b"stream":
        yield b"first"
    over.wait(30)


def how(request, context):
    return ended.get(timeout=20)


class Handlers(grpc.GenericRpcHandler):
    kinds = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Collect": grpc.stream_unary_rpc_method_handler(collect),
        "Count": grpc.unary_stream_rpc_method_handler(count),
        "Chat": grpc.stream_stream_rpc_method_handler(chat),
        "Fail": grpc.unary_unary_rpc_method_handler(fail),
        "Hang": grpc.unary_stream_rpc_method_handler(hang),
        "How": grpc.unary_unary_rpc_method_handler(how),
    }

    def service(self, details):
        return self.kinds.get(details.method.removeprefix("/demo.Echo/"))


server = grpc.server(futures.ThreadPoolExecutor(8))
server.add_generic_rpc_handlers((Handlers(),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print("port", port, flush=True)
server.wait_for_termination()
