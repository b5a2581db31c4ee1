# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""An agent made with a2a-sdk that echoes. Prints its port."""

import socket

import uvicorn
from starlette.applications import Starlette
from a2a.helpers.proto_helpers import new_task_from_user_message, new_text_part
from a2a.server.agent_execution.agent_executor import AgentExecutor
from a2a.server.request_handlers.default_request_handler_v2 import DefaultRequestHandlerV2
from a2a.server.routes.agent_card_routes import create_agent_card_routes
from a2a.server.routes.jsonrpc_routes import create_jsonrpc_routes
from a2a.server.routes.rest_routes import create_rest_routes
from a2a.server.tasks import InMemoryTaskStore, TaskUpdater
from a2a.types import AgentCapabilities, AgentCard, AgentInterface, AgentSkill


class Executor(AgentExecutor):
    async def execute(self, context, queue):
        await queue.enqueue_event(new_task_from_user_message(context.message))
        updater = TaskUpdater(queue, context.task_id, context.context_id)
        await updater.start_work()
        await updater.add_artifact([new_text_part("echo: " + context.get_user_input())], name="answer")
        await updater.complete()

    async def cancel(self, context, queue):
        await TaskUpdater(queue, context.task_id, context.context_id).cancel()


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
port = listener.getsockname()[1]
place = f"http://127.0.0.1:{port}"
card = AgentCard(
    name="Echo", description="Echoes", version="1.0", default_input_modes=["text"], default_output_modes=["text"],
    capabilities=AgentCapabilities(streaming=True),
    supported_interfaces=[
        AgentInterface(url=place + "/rpc", protocol_binding="JSONRPC", protocol_version="1.0"),
        AgentInterface(url=place + "/rest", protocol_binding="HTTP+JSON", protocol_version="1.0"),
        AgentInterface(url=place + "/old", protocol_binding="JSONRPC", protocol_version="0.3")],
    skills=[AgentSkill(id="echo", name="Echo", description="Echoes", tags=["x"]),
            AgentSkill(id="pay", name="Pay", description="Pays", tags=["x"])])
handler = DefaultRequestHandlerV2(agent_executor=Executor(), task_store=InMemoryTaskStore(), agent_card=card)
app = Starlette(routes=create_agent_card_routes(card) + create_jsonrpc_routes(handler, "/rpc")
                + create_jsonrpc_routes(handler, "/old", enable_v0_3_compat=True) + create_rest_routes(handler, path_prefix="/rest"))
listener.listen()
print("port", port, flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])
