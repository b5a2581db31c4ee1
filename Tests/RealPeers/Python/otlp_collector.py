# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A collector that takes nothing but what the official schema of OTLP allows.

Prints the port it listens on, then a line for each request: `traces` and its spans, `metrics` and its points, or `logs` and
its records. A request that breaks the schema is answered with 400 and told of in a line that begins with `bad`. The first
request of each kind is answered with 503.
"""

import base64
import gzip
import http.server
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

KINDS = {
    "/v1/traces": ExportTraceServiceRequest,
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
}
IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}
seen = set()


def with_bytes(value):
    """OTLP writes ids in hexadecimal digits where the JSON form of protobuf has base64."""
    if isinstance(value, list):
        return [with_bytes(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for key, item in value.items():
        if key in IDS:
            assert item == item.lower() and len(item) == 2 * IDS[key], f"{key} {item}"
            result[key] = base64.b64encode(bytes.fromhex(item)).decode()
        else:
            result[key] = with_bytes(item)
    return result


def check_integers(value, path=""):
    """64-bit numbers are texts."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.endswith("UnixNano") or key in ("intValue", "asInt", "count"):
                assert isinstance(item, str), f"{path}.{key} is no text"
            check_integers(item, f"{path}.{key}")
    elif isinstance(value, list):
        for item in value:
            check_integers(item, path)


def describe(path, message):
    if path == "/v1/traces":
        for resource in message.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    assert span.end_time_unix_nano >= span.start_time_unix_nano > 1_500_000_000 * 10**9
                    yield (
                        f"span {span.trace_id.hex()} {span.span_id.hex()} {span.parent_span_id.hex() or '-'} "
                        f"{span.kind} {span.name}"
                    )
    elif path == "/v1/metrics":
        for resource in message.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    data = getattr(metric, metric.WhichOneof("data"))
                    for point in data.data_points:
                        if metric.HasField("histogram"):
                            assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
                            assert sum(point.bucket_counts) == point.count
                            value = point.count
                        else:
                            value = point.as_int if point.WhichOneof("value") == "as_int" else point.as_double
                        labels = ",".join(f"{a.key}={a.value.string_value}" for a in point.attributes)
                        yield f"point {metric.name}{{{labels}}} {value}"
    else:
        for resource in message.resource_logs:
            for scope in resource.scope_logs:
                for record in scope.log_records:
                    yield f"log {record.severity_number} {record.body.string_value}"


class Collector(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status, answer, lines = 200, b'{"partialSuccess":{}}', []
        if self.path not in seen:
            seen.add(self.path)
            status, answer = 503, b"{}"
        else:
            try:
                assert self.headers["content-type"] == "application/json"
                assert self.headers["x-key"] == sys.argv[1], "the header is missing"
                if self.headers["content-encoding"] == "gzip":
                    body = gzip.decompress(body)
                request = json.loads(body)
                check_integers(request)
                message = json_format.ParseDict(with_bytes(request), KINDS[self.path](), ignore_unknown_fields=False)
                assert message.IsInitialized()
                lines = list(describe(self.path, message))
            except Exception as error:  # whatever it is, the test is to see it
                status, lines = 400, [f"bad {self.path} {error!r}"]
        for line in lines:
            print(line)
        sys.stdout.flush()
        self.send_response(status)
        if status == 503:
            self.send_header("retry-after", "0")
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector)
print(f"port {server.server_address[1]}", flush=True)
server.serve_forever()
