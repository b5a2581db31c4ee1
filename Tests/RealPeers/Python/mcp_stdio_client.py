# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client made with the official MCP SDK, of either generation, that starts its server: MODE COMMAND [ARGUMENT ...]."""

import asyncio
import sys
from contextlib import asynccontextmanager

from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client

mode, command, *arguments = sys.argv[1:]
parameters = StdioServerParameters(command=command, args=arguments)
try:
    from mcp import Client

    @asynccontextmanager
    async def connect():
        async with Client(stdio_client(parameters), mode=mode) as client:
            yield client, client.protocol_version

except ImportError:
    from mcp import ClientSession

    @asynccontextmanager
    async def connect():
        async with stdio_client(parameters) as (reader, writer), ClientSession(reader, writer) as session:
            yield session, (await session.initialize()).protocolVersion


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


async def main():
    async with connect() as (client, revision):
        print("revision", revision)
        print("tools", *sorted(tool.name for tool in (await client.list_tools()).tools))
        print("sum", structured(await client.call_tool("add", {"a": 1, "b": 2})))
        print("sees", structured(await client.call_tool("look", {})))
        print(structured(await client.call_tool("count", {"steps": 2}, progress_callback=report)))
        print("tool:", await refused(client.call_tool("delete_ticket", {"number": 7})))
        print("arguments:", await refused(client.call_tool("add", {"a": "one", "b": 2})))


asyncio.run(main())
