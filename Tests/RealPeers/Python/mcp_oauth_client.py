# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client of the official MCP SDK, of either generation, that knows the server's URL and its own secret, and finds out the
rest: mcp_oauth_client.py URL MODE ISSUER AUTHORITY. Prints what it sees."""

import asyncio
import ssl
import sys
from contextlib import asynccontextmanager

from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider

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
            async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
                yield client, client.protocol_version

except ImportError:
    import httpx
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    def make(headers=None, timeout=None, auth=None):
        return httpx.AsyncClient(headers=headers, timeout=timeout, auth=auth, verify=trust)

    @asynccontextmanager
    async def connect():
        async with streamablehttp_client(url, httpx_client_factory=make, auth=provider) as (reader, writer, _):
            async with ClientSession(reader, writer) as session:
                yield session, (await session.initialize()).protocolVersion


def structured(result):
    return getattr(result, "structured_content", None) or result.structuredContent


async def main():
    async with connect() as (client, revision):
        print("revision", revision)
        print("tools", *sorted(tool.name for tool in (await client.list_tools()).tools))
        print("sum", structured(await client.call_tool("add", {"a": 1, "b": 2}))["result"])
        # The server asks for another scope here, and the client for another token.
        print(structured(await client.call_tool("count", {"steps": 2}))["result"])


asyncio.run(main())
