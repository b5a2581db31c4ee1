# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""oidc-provider-mock over TLS, with what it leaves out: PKCE is checked, and ID tokens name their key.

Usage: provider.py DIRECTORY. Writes ca.pem and port there. PUT /users/NAME changes a person's claims.
"""

import base64
import datetime
import hashlib
import ipaddress
import os
import sys
import urllib.parse

import flask
import oidc_provider_mock
import werkzeug.serving
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from oidc_provider_mock import _app

HOST = "idp.test"


def certificate(directory):
    """A certificate for HOST, and beside it the authority that vouches for it."""
    now = datetime.datetime.now(datetime.timezone.utc)

    def build(name, key, issuer, issuer_key, is_authority):
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if not is_authority:
            names = [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(issuer_key, hashes.SHA256())

    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    authority = build("authority", authority_key, "authority", authority_key, True)
    leaf = build(HOST, key, "authority", authority_key, False)
    pem = serialization.Encoding.PEM
    with open(directory + "/ca.pem", "wb") as file:
        file.write(authority.public_bytes(pem))
    with open(directory + "/idp.pem", "wb") as file:
        file.write(leaf.public_bytes(pem))
    with open(directory + "/idp.key", "wb") as file:
        file.write(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    os.chmod(directory + "/idp.key", 0o600)
    return directory + "/idp.pem", directory + "/idp.key"


def strict(app):
    challenges = {}

    @app.before_request
    def check():
        if flask.request.path == "/oauth2/authorize":
            if flask.request.args.get("code_challenge_method") != "S256":
                flask.abort(400)
        if flask.request.path == "/oauth2/token" and flask.request.form.get("grant_type") == "authorization_code":
            verifier = flask.request.form.get("code_verifier", "")
            digest = hashlib.sha256(verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if challenges.pop(flask.request.form.get("code"), None) != challenge:
                return {"error": "invalid_grant"}, 400

    @app.after_request
    def note(response):
        if flask.request.path == "/oauth2/authorize" and "location" in response.headers:
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(response.headers["location"]).query)
            for code in query.get("code", []):
                challenges[code] = flask.request.args["code_challenge"]
        if flask.request.path == "/.well-known/openid-configuration":
            document = response.get_json()
            document["code_challenge_methods_supported"] = ["S256"]
            response.set_data(flask.json.dumps(document))
        return response

    return app


def main():
    plain = _app.OpenIDCode.get_jwt_config

    def named(self, grant, client=None):
        return plain(self, grant, client) | {"kid": _app.storage.jwk.as_dict()["kid"]}

    _app.OpenIDCode.get_jwt_config = named
    alice = oidc_provider_mock.User(sub="alice", claims={"groups": ["staff", "on-call"]})
    app = strict(oidc_provider_mock.app(user_claims=[alice]))
    server = werkzeug.serving.make_server(
        "127.0.0.1", 0, app, threaded=True, ssl_context=certificate(sys.argv[1]))
    with open(sys.argv[1] + "/port.new", "w") as file:
        file.write(str(server.server_port))
    os.rename(sys.argv[1] + "/port.new", sys.argv[1] + "/port")
    server.serve_forever()


main()
