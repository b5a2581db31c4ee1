# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client made with the official MCP SDK, of either generation, at an endpoint of several servers: URL MODE."""

import asyncio
import sys

from mcp_peer import at, refused, report, structured

url, mode = sys.argv[1:]


async def main():
    async with at(url, mode) as (client, revision):
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
