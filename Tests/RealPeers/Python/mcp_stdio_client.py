# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client made with the official MCP SDK, of either generation, that starts its server: MODE COMMAND [ARGUMENT ...]."""

import asyncio
import sys

from mcp import StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp_peer import connected, refused, report, session, structured

mode, command, *arguments = sys.argv[1:]
parameters = StdioServerParameters(command=command, args=arguments)


def connect():
    try:
        from mcp import Client
    except ImportError:
        return session(stdio_client(parameters))
    return connected(Client(stdio_client(parameters), mode=mode))


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
