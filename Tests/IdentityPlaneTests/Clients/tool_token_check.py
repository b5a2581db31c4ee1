# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""How a tool server verifies tool tokens with plain PyJWT: tool_token_check.py FILE."""

import json
import sys

import jwt

with open(sys.argv[1]) as file:
    case = json.load(file)
keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(case["keys"]).keys}


def verify(token, seen):
    header = jwt.get_unverified_header(token)
    assert header["typ"] in ("at+jwt", "application/at+jwt"), "typ"
    assert header["alg"] == "ES256" and "crit" not in header, "alg"
    claims = jwt.decode(
        token, keys[header["kid"]].key, algorithms=["ES256"], audience=case["audience"], issuer=case["issuer"],
        leeway=5, options={"require": ["exp", "iat", "iss", "aud", "sub", "client_id", "jti"]})
    assert claims["aud"] == case["audience"], "aud is one text"
    assert claims["exp"] - claims["iat"] <= 300, "lifetime"
    assert claims["cnf"]["x5t#S256"] == case["thumbprint"], "cnf"
    assert case["tool"] in claims["scope"].split(), "scope"
    assert claims["jti"] not in seen, "jti"
    seen.add(claims["jti"])
    return claims


seen = set()
assert verify(case["good"], seen)["txn"] == "t-1"
refused = 0
for name, token in list(case["bad"].items()) + [("again", case["good"])]:
    try:
        verify(token, seen)
    except (jwt.PyJWTError, AssertionError, KeyError):
        refused += 1
        continue
    raise SystemExit("accepted: " + name)
assert refused >= 9
print("done", refused)
