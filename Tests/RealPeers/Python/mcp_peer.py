# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""What clients made with the official MCP SDK, of either generation, have in common."""

from contextlib import asynccontextmanager


@asynccontextmanager
async def session(streams):
    """A session of the first generation over a transport, and the revision that it speaks."""
    from mcp import ClientSession

    async with streams as (reader, writer, *_), ClientSession(reader, writer) as client:
        yield client, (await client.initialize()).protocolVersion


@asynccontextmanager
async def connected(client):
    """A client of the second generation, and the revision that it speaks."""
    async with client:
        yield client, client.protocol_version


def at(url, mode):
    """A client of a server behind a URL."""
    try:
        from mcp import Client
    except ImportError:
        from mcp.client.streamable_http import streamablehttp_client

        return session(streamablehttp_client(url))
    return connected(Client(url, mode=mode))


def structured(result):
    return (getattr(result, "structured_content", None) or result.structuredContent)["result"]


async def refused(call):
    try:
        await call
        return "allowed"
    except Exception as error:  # both generations have their own class
        return str(error).split(".")[0]


async def report(done, total, message):
    print("progress", int(done), int(total))
