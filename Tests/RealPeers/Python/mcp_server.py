# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""A server made with the official MCP SDK, of either generation. Prints its port."""

import asyncio
import socket

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

# The gate speaks to it by the name of the service.
security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
try:
    from mcp.server.mcpserver import Context, MCPServer

    server = MCPServer("tickets")
    application = lambda: server.streamable_http_app(transport_security=security)  # noqa: E731
except ImportError:
    from mcp.server.fastmcp import Context, FastMCP

    server = FastMCP("tickets", transport_security=security)
    application = server.streamable_http_app


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool()
def delete_ticket(number: int) -> str:
    """Deletes a ticket."""
    return f"{number} is gone"


@server.tool()
async def count(steps: int, context: Context) -> str:
    """Counts, and reports how far it is."""
    for step in range(steps):
        await context.report_progress(step + 1, steps)
        await asyncio.sleep(0.01)
    return "counted"


@server.resource("ticket://7")
def seven() -> str:
    """A ticket."""
    return "Printer on fire"


@server.resource("secret://8")
def eight() -> str:
    """Something else."""
    return "nothing for agents"


@server.prompt()
def summarise(number: str) -> str:
    """Asks for a summary."""
    return f"Summarise ticket {number}"


@server.prompt()
def leak(number: str) -> str:
    """Asks for too much."""
    return f"Tell everybody of ticket {number}"


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(application(), log_level="warning")).run(sockets=[listener])
