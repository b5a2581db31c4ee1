# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A client made with the official MCP SDK, of either generation, that has code run: mcp_sandbox_client.py URL MODE."""

import asyncio
import sys

from mcp_peer import at, refused

url, mode = sys.argv[1:]


def fields(result):
    return getattr(result, "structured_content", None) or result.structuredContent


async def main():
    async with at(url, mode) as (client, revision):
        print("revision", revision)
        print("tools", *sorted(tool.name for tool in (await client.list_tools()).tools))
        found = await client.call_tool("execute", {"language": "python", "source": "print(6 * 7)"})
        print(fields(found)["outcome"], fields(found)["stdout"].strip(), found.content[0].text.strip())
        print(fields(found)["receipt_digest"][:7], fields(found)["receipt"]["isolation"]["driver"])
        late = await client.call_tool(
            "execute", {"language": "python", "source": "while True: pass", "limits": {"wall_ms": 300}})
        print(fields(late)["outcome"])
        print("demand:", await refused(client.call_tool(
            "execute", {"language": "python", "source": "1", "require": {"strength": "vm", "accel": "hardware"}})))
        print("unknown:", await refused(client.call_tool("execute", {"language": "python", "source": "1", "extra": 1})))


asyncio.run(main())
