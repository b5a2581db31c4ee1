#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""Prints the configuration of one Envoy with a listener for each way to ask: envoy.py WORK UPSTREAM NAME=PORT..., where NAME
is none, trivial-unix, trivial-tcp, yett-unix or yett-tcp, and gate=PORT and trivial=PORT are the authorizers'."""
import json
import sys

work, upstream = sys.argv[1], int(sys.argv[2])
ports = {name: int(port) for name, port in (argument.split("=") for argument in sys.argv[3:])}
types = "type.googleapis.com/envoy.extensions."


def tcp(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def secret(name):
    source = {
        "api_type": "GRPC", "transport_api_version": "V3",
        "grpc_services": [{"envoy_grpc": {"cluster_name": "workload"}}],
    }
    return {"name": name, "sds_config": {"resource_api_version": "V3", "api_config_source": source}}


def cluster(name, address, http2=True, tls=False):
    made = {
        "name": name, "type": "STATIC", "connect_timeout": "5s",
        "circuit_breakers": {"thresholds": [{"max_connections": 10000, "max_requests": 10000, "max_pending_requests": 10000}]},
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
        },
    }
    if http2:
        kind = "upstreams.http.v3.HttpProtocolOptions"
        made["typed_extension_protocol_options"] = {
            f"envoy.extensions.{kind}": {
                "@type": types + kind, "explicit_http_config": {"http2_protocol_options": {}},
            },
        }
    if tls:
        san = {"san_type": "URI", "matcher": {"exact": "spiffe://bench.test/yett/gate"}}
        made["transport_socket"] = {
            "name": "tls",
            "typed_config": {
                "@type": types + "transport_sockets.tls.v3.UpstreamTlsContext",
                "common_tls_context": {
                    "alpn_protocols": ["h2"],
                    "tls_params": {"tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_3"},
                    "tls_certificate_sds_secret_configs": [secret("spiffe://bench.test/envoy/front")],
                    "combined_validation_context": {
                        "default_validation_context": {"match_typed_subject_alt_names": [san]},
                        "validation_context_sds_secret_config": secret("ROOTCA"),
                    },
                },
            },
        }
    return made


def listener(name):
    filters = []
    if name != "none":
        filters.append({
            "name": "envoy.filters.http.ext_authz",
            "typed_config": {
                "@type": types + "filters.http.ext_authz.v3.ExtAuthz", "transport_api_version": "V3",
                "failure_mode_allow": False,
                "grpc_service": {"envoy_grpc": {"cluster_name": name}, "timeout": "5s"},
            },
        })
    filters.append({"name": "router", "typed_config": {"@type": types + "filters.http.router.v3.Router"}})
    route = {"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}
    if name != "none":
        route["typed_per_filter_config"] = {
            "envoy.filters.http.ext_authz": {
                "@type": types + "filters.http.ext_authz.v3.ExtAuthzPerRoute",
                "check_settings": {"context_extensions": {"service": "app"}},
            },
        }
    manager = {
        "@type": types + "filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": name, "normalize_path": True, "merge_slashes": True,
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "http_filters": filters,
    }
    tls = {
        "@type": types + "transport_sockets.tls.v3.DownstreamTlsContext", "require_client_certificate": True,
        "common_tls_context": {
            "alpn_protocols": ["http/1.1"],
            "tls_params": {"tls_minimum_protocol_version": "TLSv1_3"},
            "tls_certificates": [{
                "certificate_chain": {"filename": f"{work}/server.pem"},
                "private_key": {"filename": f"{work}/server.key"},
            }],
            "validation_context": {"trusted_ca": {"filename": f"{work}/ca.pem"}},
        },
    }
    return {
        "name": name, "address": tcp(ports[name]),
        "filter_chains": [{
            "transport_socket": {"name": "tls", "typed_config": tls},
            "filters": [{"name": "http", "typed_config": manager}],
        }],
    }


def main():
    names = ["none", "trivial-unix", "trivial-tcp", "yett-unix", "yett-tcp"]
    clusters = [
        cluster("workload", {"pipe": {"path": f"{work}/workload.sock"}}),
        cluster("upstream", tcp(upstream), http2=False),
        cluster("trivial-unix", {"pipe": {"path": f"{work}/trivial.sock"}}),
        cluster("trivial-tcp", tcp(ports["trivial"])),
        cluster("yett-unix", {"pipe": {"path": f"{work}/mesh.sock"}}),
        cluster("yett-tcp", tcp(ports["gate"]), tls=True),
    ]
    print(json.dumps({
        "node": {"id": "bench", "cluster": "bench"},
        "static_resources": {"listeners": [listener(name) for name in names], "clusters": clusters},
    }, indent=1))


main()
