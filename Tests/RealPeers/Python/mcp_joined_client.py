# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client made with the official MCP SDK, of either generation, at an endpoint of several servers: URL MODE."""

import asyncio
import sys
from contextlib import asynccontextmanager

url, mode = sys.argv[1:]
try:
    from mcp import Client

    @asynccontextmanager
    async def connect():
        async with Client(url, mode=mode) as client:
            yield client, client.protocol_version

except ImportError:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    @asynccontextmanager
    async def connect():
        async with streamablehttp_client(url) as (reader, writer, _), ClientSession(reader, writer) as session:
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
        print("resources", *sorted(str(found.uri) for found in (await client.list_resources()).resources))
        print("prompts", *sorted(prompt.name for prompt in (await client.list_prompts()).prompts))
        print("sums", structured(await client.call_tool("tickets__add", {"a": 1, "b": 2})),
              structured(await client.call_tool("wiki__add", {"a": 3, "b": 4})))
        print(structured(await client.call_tool("tickets__count", {"steps": 2}, progress_callback=report)))
        contents = (await client.read_resource("yett://tickets/ticket://7")).contents[0]
        print(contents.uri, contents.text)
        print((await client.get_prompt("tickets__summarise", {"number": "7"})).messages[0].content.text)
        print("tool:", await refused(client.call_tool("wiki__count", {"steps": 1})))
        print("resource:", await refused(client.read_resource("yett://tickets/secret://8")))
        print("nobody:", await refused(client.call_tool("add", {"a": 1, "b": 2})))


asyncio.run(main())
