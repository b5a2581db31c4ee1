# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A stand-in for the gate: HTTP proxy and SOCKS5 on one Unix socket, names under .test lead to a local server.

gate_stub.py DIRECTORY [UID [MODE]] serves DIRECTORY/gate.sock, makes DIRECTORY/ca.pem, serves DIRECTORY/www over
HTTP and HTTPS, writes each target to DIRECTORY/log and prints "ready".
"""
import http.server
import os
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time

directory = sys.argv[1]
owner = int(sys.argv[2]) if len(sys.argv) > 2 else -1


def path(name):
    return os.path.join(directory, name)


def certificates():
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Launcher test CA", "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
            "keyUsage=critical,keyCertSign", "-keyout", path("ca.key"), "-out", path("ca.pem"))
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=web.test",
            "-keyout", path("server.key"), "-out", path("server.csr"))
    with open(path("server.ext"), "w") as file:
        file.write("subjectAltName=DNS:web.test,DNS:git.test,DNS:pypi.test\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", path("server.ext"), "-out", path("server.pem"))
    os.chmod(path("ca.pem"), 0o644)


class Origin(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *given):
        super().__init__(*given, directory=path("www"))

    def log_message(self, *words):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 512


def origin(is_secure):
    server = Server(("127.0.0.1", 0), Origin)
    if is_secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path("server.pem"), path("server.key"))
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def log(text):
    with open(path("log"), "a") as file:
        file.write(text + "\n")


def copy(source, sink):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def relay(client, upstream):
    back = threading.Thread(target=copy, args=(upstream, client), daemon=True)
    back.start()
    copy(client, upstream)
    back.join()
    client.close()
    upstream.close()


def dial(kind, host, port):
    log(f"{kind} {host}:{port}")
    if not host.endswith(".test"):
        return None
    return socket.create_connection(("127.0.0.1", ports[port]))


def exactly(client, count):
    data = b""
    while len(data) < count:
        part = client.recv(count - len(data))
        if not part:
            raise OSError("closed")
        data += part
    return data


def socks(client):
    exactly(client, exactly(client, 1)[0])
    client.sendall(b"\x05\x00")
    _, command, _, kind = exactly(client, 4)
    if command != 1 or kind != 3:
        client.sendall(b"\x05\x08\x00\x01" + bytes(6))
        return client.close()
    host = exactly(client, exactly(client, 1)[0]).decode()
    port = int.from_bytes(exactly(client, 2), "big")
    upstream = dial("socks", host, port)
    client.sendall((b"\x05\x00" if upstream else b"\x05\x02") + b"\x00\x01" + bytes(6))
    return relay(client, upstream) if upstream else client.close()


def http_proxy(client, head):
    while b"\r\n\r\n" not in head:
        part = client.recv(65536)
        if not part:
            return client.close()
        head += part
    line, rest = head.split(b"\r\n", 1)
    method, target, version = line.decode().split(" ")
    if method == "CONNECT":
        host, port = target.rsplit(":", 1)
        upstream, first = dial("connect", host, int(port)), b""
    elif target.startswith("http://"):
        authority, _, resource = target[7:].partition("/")
        host, _, port = authority.partition(":")
        upstream = dial("http", host, int(port or "80"))
        first = f"{method} /{resource} {version}\r\nConnection: close\r\n".encode() + rest
    else:
        upstream, first = None, b""
    if upstream is None:
        client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 7\r\nConnection: close\r\n\r\ndenied\n")
        return client.close()
    if method == "CONNECT":
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    upstream.sendall(first)
    return relay(client, upstream)


def serve(client):
    try:
        first = client.recv(1)
        if first == b"\x05":
            socks(client)
        elif first:
            http_proxy(client, first)
        else:
            client.close()
    except OSError:
        client.close()


def end_with_the_test():
    """The tests keep their directory as long as they run; an interrupted run leaves it to this program."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    shutil.rmtree(os.path.dirname(directory), ignore_errors=True)
    os._exit(0)


resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
threading.Thread(target=end_with_the_test, daemon=True).start()
certificates()
ports = {80: origin(False), 443: origin(True)}
listener = socket.socket(socket.AF_UNIX)
listener.bind(path("gate.sock"))
os.chmod(path("gate.sock"), int(sys.argv[3], 8) if len(sys.argv) > 3 else 0o600)
if owner >= 0:
    os.chown(path("gate.sock"), owner, owner)
listener.listen(128)
print("ready", flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
