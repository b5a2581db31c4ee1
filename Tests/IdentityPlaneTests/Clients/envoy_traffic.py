# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Envoy with secrets from the socket, under traffic while they rotate: envoy_traffic.py SOCKET ENVOY ROTATIONS."""

import hashlib
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from spiffe import TrustDomain, X509Source

workload_socket, envoy, rotations = sys.argv[1], sys.argv[2], int(sys.argv[3])
domain = TrustDomain("example.test")
TLS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
HTTP = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"
HTTP2 = "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def secret(name):
    service = {"envoy_grpc": {"cluster_name": "identity"}}
    source = {"api_type": "GRPC", "transport_api_version": "V3", "grpc_services": [service]}
    return {"name": name, "sds_config": {"resource_api_version": "V3", "api_config_source": source}}


def listener(port, validation):
    san = {"san_type": "URI", "matcher": {"prefix": "spiffe://example.test/"}}
    context = {
        "tls_certificate_sds_secret_configs": [secret("default")],
        "tls_params": {"tls_minimum_protocol_version": "TLSv1_3"},
        "combined_validation_context": {
            "default_validation_context": {"match_typed_subject_alt_names": [san]},
            "validation_context_sds_secret_config": secret(validation),
        },
    }
    tls = {"@type": TLS, "require_client_certificate": True, "common_tls_context": context}
    answer = {"match": {"prefix": "/"}, "direct_response": {"status": 200, "body": {"inline_string": "ok"}}}
    http = {
        "@type": HTTP, "stat_prefix": validation,
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [answer]}]},
        "http_filters": [{"name": "router", "typed_config": {"@type": ROUTER}}],
    }
    return {
        "name": validation, "address": {"socket_address": {"address": "127.0.0.1", "port_value": port}},
        "filter_chains": [{
            "transport_socket": {"name": "tls", "typed_config": tls},
            "filters": [{"name": "http", "typed_config": http}],
        }],
    }


def configuration(ports):
    endpoint = {"endpoint": {"address": {"pipe": {"path": workload_socket}}}}
    identity = {
        "name": "identity", "connect_timeout": "1s",
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": HTTP2, "explicit_http_config": {"http2_protocol_options": {}}},
        },
        "load_assignment": {"cluster_name": "identity", "endpoints": [{"lb_endpoints": [endpoint]}]},
    }
    return {
        "node": {"id": "test", "cluster": "test"},
        "static_resources": {
            "listeners": [listener(port, name) for port, name in zip(ports, ("ROOTCA", "ALL"))],
            "clusters": [identity],
        },
    }


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Traffic:
    """Requests with the workload's identity, over new connections and over one that stays."""

    def __init__(self, source, directory):
        self.source, self.directory = source, directory
        self.requests, self.failures, self.certificates = 0, [], {}
        self.lock = threading.Lock()

    def context(self, with_identity=True):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        roots = self.source.get_bundle_for_trust_domain(domain).x509_authorities
        context.load_verify_locations(
            cadata="".join(root.public_bytes(Encoding.PEM).decode() for root in roots))
        if with_identity:
            svid = self.source.get_x509_context().default_svid
            descriptor, path = tempfile.mkstemp(dir=self.directory)
            with os.fdopen(descriptor, "wb") as file:
                for certificate in svid.cert_chain:
                    file.write(certificate.public_bytes(Encoding.PEM))
                file.write(svid.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            context.load_cert_chain(path)
            os.unlink(path)
        return context

    def connect(self, port, with_identity=True):
        raw = socket.create_connection(("127.0.0.1", port), timeout=20)
        return self.context(with_identity).wrap_socket(raw)

    @staticmethod
    def get(connection):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        while not answer.endswith(b"ok"):
            piece = connection.recv(4096)
            assert piece, "closed after " + repr(answer)
            answer += piece
        assert answer.startswith(b"HTTP/1.1 200 "), answer

    def keep(self, port, ended, connection=None):
        while not ended.is_set():
            try:
                with self.connect(port) as fresh:
                    self.get(fresh)
                    digest = hashlib.sha256(fresh.getpeercert(binary_form=True)).hexdigest()
                if connection:
                    self.get(connection)
                with self.lock:
                    self.requests += 1
                    self.certificates[digest] = port
            except Exception as error:
                with self.lock:
                    self.failures.append(repr(error))
            time.sleep(0.02)

    def refuses(self, port):
        try:
            with self.connect(port, with_identity=False) as connection:
                self.get(connection)
        except (ssl.SSLError, ConnectionError, AssertionError):
            return True
        return False


def main(directory, source):
    ports = [free_port(), free_port()]
    path = os.path.join(directory, "envoy.json")
    with open(path, "w") as file:
        json.dump(configuration(ports), file)
    traffic = Traffic(source, directory)
    with open(os.path.join(directory, "log"), "w+") as log:
        command = [envoy, "-c", path, "--concurrency", "1", "--disable-hot-restart", "--log-level", "warning"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for port in ports:
                for _ in range(300):
                    try:
                        with traffic.connect(port) as connection:
                            traffic.get(connection)
                        break
                    except (OSError, AssertionError):
                        assert process.poll() is None, "Envoy has ended"
                        time.sleep(0.1)
            assert all(traffic.refuses(port) for port in ports), "a client without an identity was let in"
            print("started", flush=True)
            ended = threading.Event()
            kept = [traffic.connect(port) for port in ports]
            threads = [
                threading.Thread(target=traffic.keep, args=(port, ended, connection))
                for port, connection in zip(ports, kept)
            ]
            for thread in threads:
                thread.start()
            end = time.monotonic() + 90
            while len(traffic.certificates) <= 2 * rotations and time.monotonic() < end and not traffic.failures:
                time.sleep(0.1)
            ended.set()
            for thread in threads:
                thread.join()
            seen = len(traffic.certificates)
            assert not traffic.failures, traffic.failures[:3]
            assert seen >= 2 * rotations, f"{seen} certificates"
            print(f"done: {traffic.requests} requests, {seen} certificates", flush=True)
        except AssertionError:
            log.seek(0)
            print(log.read()[-3000:])
            raise
        finally:
            process.kill()
            process.wait()


with tempfile.TemporaryDirectory() as directory, X509Source(socket_path="unix://" + workload_socket) as source:
    main(directory, source)
