# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""httpx over HTTP/2 with a client certificate: http2_client.py URL AUTHORITY CERTIFICATE KEY. Prints what it sees."""

import asyncio
import ssl
import sys

import httpx

url, authority, certificate, key = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
context.load_cert_chain(certificate, key)
context.check_hostname = False


async def main():
    async with httpx.AsyncClient(http2=True, verify=context) as client:
        answers = await asyncio.gather(*[client.get(f"{url}/text") for _ in range(50)])
        print({(answer.http_version, answer.status_code, answer.text) for answer in answers})
        body = b"x" * (3 << 20)
        print((await client.post(f"{url}/upload", content=body)).status_code)
        print((await client.get(f"{url}/elsewhere")).headers["yett-reason"])


asyncio.run(main())
