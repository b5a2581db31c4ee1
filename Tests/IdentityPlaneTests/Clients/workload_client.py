# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""What a workload does with the official client (PyPI spiffe): workload_client.py SOCKET SCENARIO."""

import sys
import threading
import time

from spiffe import JwtSource, SpiffeId, TrustDomain, WorkloadApiClient, X509Source

socket, scenario = "unix://" + sys.argv[1], sys.argv[2]
domain = TrustDomain("example.test")
agent = SpiffeId("spiffe://example.test/agent/a")


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def fetch():
    with WorkloadApiClient(socket) as client:
        svid = client.fetch_x509_svid()
        assert svid.spiffe_id == agent and len(svid.cert_chain) == 2
        assert len(client.fetch_x509_svids()) == 1
        context = client.fetch_x509_context()
        assert context.default_svid.spiffe_id == agent
        assert context.x509_bundle_set.get_bundle_for_trust_domain(domain).x509_authorities
        assert client.fetch_x509_bundles().get_bundle_for_trust_domain(domain).x509_authorities
        assert client.fetch_jwt_bundles().get_bundle_for_trust_domain(domain).jwt_authorities


def tokens():
    with WorkloadApiClient(socket) as client:
        token = client.fetch_jwt_svid(audience={"one", "two"})
        assert token.spiffe_id == agent and set(token.audience) == {"one", "two"}
        assert client.validate_jwt_svid(token.token, "two").spiffe_id == agent
        assert len(client.fetch_jwt_svids(audience={"one"})) == 1
        for bad in (token.token[:-4] + "AAAA", "a.b.c"):
            try:
                client.validate_jwt_svid(bad, "two")
            except Exception:
                continue
            raise AssertionError("accepted " + bad[:5])
    with JwtSource(socket_path=socket) as source:
        assert source.fetch_svid(audience={"one"}, subject=agent).spiffe_id == agent
        assert source.get_bundle_for_trust_domain(domain).jwt_authorities


def rotations():
    serials = []
    with X509Source(socket_path=socket) as source:
        def is_new():
            serial = source.get_x509_context().default_svid.leaf.serial_number
            if serial not in serials:
                serials.append(serial)
            return len(serials) > 10
        wait_until(is_new)
        assert source.get_bundle_for_trust_domain(domain).x509_authorities


def storm():
    def one():
        with WorkloadApiClient(socket) as client:
            for _ in range(10):
                cancel = client.stream_x509_contexts(lambda _: None, lambda _: None)
                cancel.cancel()
            client.fetch_x509_svid()
    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def stranger():
    with WorkloadApiClient(socket) as client:
        try:
            client.fetch_x509_svid()
        except Exception as error:
            assert "no identity issued" in str(error) or "PERMISSION_DENIED" in str(error), error
        else:
            raise AssertionError("a stranger got an identity")


{"fetch": fetch, "tokens": tokens, "rotations": rotations, "storm": storm, "stranger": stranger}[scenario]()
print("done " + scenario, flush=True)
