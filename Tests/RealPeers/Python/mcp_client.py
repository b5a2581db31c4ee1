# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client made with the official MCP SDK, of either generation: mcp_client.py URL MODE. Prints what it sees."""

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
        print("sum", structured(await client.call_tool("add", {"a": 1, "b": 2})))
        counted = await client.call_tool("count", {"steps": 2}, progress_callback=report)
        print(structured(counted))
        print((await client.read_resource("ticket://7")).contents[0].text)
        print((await client.get_prompt("summarise", {"number": "7"})).messages[0].content.text)
        print("tool:", await refused(client.call_tool("delete_ticket", {"number": 7})))
        print("arguments:", await refused(client.call_tool("add", {"a": "one", "b": 2})))
        print("resource:", await refused(client.read_resource("secret://8")))
        print("prompt:", await refused(client.get_prompt("leak", {"number": "7"})))


asyncio.run(main())
