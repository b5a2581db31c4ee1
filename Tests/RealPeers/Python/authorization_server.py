# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""An authorization server with one client: authorization_server.py CERTIFICATE KEY. Prints its port and what it is asked."""

import base64
import json
import ssl
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key())) | {"kid": "k1", "use": "sig", "alg": "ES256"}
CLIENT = base64.b64encode(b"bot-client:bot-secret").decode()


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path == "/keys":
            return self.answer(200, {"keys": [PUBLIC]})
        if self.path != "/.well-known/oauth-authorization-server":
            return self.answer(404, {})
        self.answer(
            200,
            {
                "issuer": issuer,
                "token_endpoint": f"{issuer}/token",
                "authorization_endpoint": f"{issuer}/authorize",
                "jwks_uri": f"{issuer}/keys",
                "response_types_supported": ["code"],
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
            },
        )

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        resource, scope = form.get("resource", [""])[0], form.get("scope", [""])[0]
        print("asked", resource, scope, flush=True)
        if self.path != "/token" or self.headers["Authorization"] != f"Basic {CLIENT}":
            return self.answer(401, {"error": "invalid_client"})
        now = int(time.time())
        claims = {
            "iss": issuer, "sub": "bot-client", "client_id": "bot-client", "aud": resource, "scope": scope, "iat": now,
            "exp": now + 300, "jti": str(time.time_ns()),
        }
        token = jwt.encode(claims, KEY, algorithm="ES256", headers={"kid": "k1", "typ": "at+jwt"})
        self.answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": scope})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(*sys.argv[1:])
server.socket = context.wrap_socket(server.socket, server_side=True)
issuer = f"https://localhost:{server.server_port}"
print("port", server.server_port, flush=True)
server.serve_forever()
