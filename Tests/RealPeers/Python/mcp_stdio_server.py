# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A local server made with the official MCP SDK, of either generation: it speaks over standard input and output."""

import asyncio
import os
import sys

try:
    from mcp.server.mcpserver import Context, MCPServer

    server = MCPServer("tickets")
except ImportError:
    from mcp.server.fastmcp import Context, FastMCP

    server = FastMCP("tickets")


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool()
def delete_ticket(number: int) -> str:
    """Deletes a ticket."""
    return f"{number} is gone"


@server.tool()
def look() -> str:
    """Says what it sees of the machine."""
    return "home" if os.listdir(os.environ["HOME"]) else "nothing"


@server.tool()
async def count(steps: int, context: Context) -> str:
    """Counts, and reports how far it is."""
    for step in range(steps):
        await context.report_progress(step + 1, steps)
        await asyncio.sleep(0.01)
    return "counted"


print("a line for people", file=sys.stderr, flush=True)
server.run("stdio")
