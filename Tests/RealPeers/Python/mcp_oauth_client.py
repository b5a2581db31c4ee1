# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client of the official MCP SDK, of either generation, that knows the server's URL and its own secret, and finds out the
rest: mcp_oauth_client.py URL MODE ISSUER AUTHORITY. Prints what it sees."""

import asyncio
import ssl
import sys
from contextlib import asynccontextmanager

from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp_peer import connected, session, structured

url, mode, issuer, authority = sys.argv[1:]
trust = ssl.create_default_context(cafile=authority)


class Storage:
    def __init__(self):
        self.tokens = self.client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


provider = ClientCredentialsOAuthProvider(url, Storage(), "bot-client", "bot-secret", issuer=issuer)

try:
    import httpx2
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client

    @asynccontextmanager
    async def connect():
        async with httpx2.AsyncClient(auth=provider, verify=trust) as http:
            async with connected(Client(streamable_http_client(url, http_client=http), mode=mode)) as found:
                yield found

except ImportError:
    import httpx
    from mcp.client.streamable_http import streamablehttp_client

    def make(headers=None, timeout=None, auth=None):
        return httpx.AsyncClient(headers=headers, timeout=timeout, auth=auth, verify=trust)

    def connect():
        return session(streamablehttp_client(url, httpx_client_factory=make, auth=provider))


async def main():
    async with connect() as (client, revision):
        print("revision", revision)
        print("tools", *sorted(tool.name for tool in (await client.list_tools()).tools))
        print("sum", structured(await client.call_tool("add", {"a": 1, "b": 2})))
        # The server asks for another scope here, and the client for another token.
        print(structured(await client.call_tool("count", {"steps": 2})))


asyncio.run(main())
