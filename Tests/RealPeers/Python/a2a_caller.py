# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""A caller made with a2a-sdk: URL, the gate's key, binding and version, token, and a task of somebody else's to try."""

import asyncio
import json
import sys

import httpx
from a2a.client import ClientConfig, A2ACardResolver
from a2a.client.client_factory import ClientFactory
from a2a.helpers.proto_helpers import new_text_message
from a2a.types import (
    CancelTaskRequest,
    GetTaskRequest,
    ListTasksRequest,
    SendMessageRequest,
    TaskPushNotificationConfig,
)
from a2a.utils.signing import create_signature_verifier
from jwt import PyJWK


async def main(url, key, binding, token, task=None):
    async with httpx.AsyncClient(headers={"Authorization": "Bearer " + token}) as http:
        card = await A2ACardResolver(http, url).get_agent_card()
        places = [interface.url.removeprefix(url) for interface in card.supported_interfaces]
        print("card", *places, *[skill.id for skill in card.skills])
        if key:
            jwk = PyJWK(json.loads(key))
            create_signature_verifier(lambda kid, jku: jwk, ["ES256"])(card)
            print("signed")
        chosen = [i for i in card.supported_interfaces if i.protocol_binding + i.protocol_version == binding]
        del card.supported_interfaces[:]
        card.supported_interfaces.extend(chosen)
        kind = chosen[0].protocol_binding
        for streaming in (True, False):
            config = ClientConfig(httpx_client=http, streaming=streaming, supported_protocol_bindings=[kind])
            client = ClientFactory(config).create(card)
            if task:
                calls = {
                    "get": client.get_task(GetTaskRequest(id=task)),
                    "cancel": client.cancel_task(CancelTaskRequest(id=task)),
                }
                for name, call in calls.items():
                    try:
                        print(name, (await call).id)
                    except Exception as error:
                        print(name, type(error).__name__)
                return
            message = new_text_message("hello", role=1)
            message.metadata.update({"skillId": "echo"})
            found = None
            async for event in client.send_message(SendMessageRequest(message=message)):
                print(event.WhichOneof("payload"))
                found = found or event.task.id
            got = await client.get_task(GetTaskRequest(id=found))
            print("got", got.artifacts[0].parts[0].text, got.status.state)
        if not binding.endswith("0.3"):
            print("list", found in [t.id for t in (await client.list_tasks(ListTasksRequest())).tasks])
        try:
            print((await client.get_task(GetTaskRequest(id="nothing"))).id)
        except Exception as error:
            print("unknown", type(error).__name__)
        config = TaskPushNotificationConfig(task_id=found, url="https://169.254.169.254/")
        try:
            await client.create_task_push_notification_config(config)
        except Exception as error:
            print("webhook", type(error).__name__)
        message.metadata.update({"skillId": "pay"})
        try:
            async for event in client.send_message(SendMessageRequest(message=message)):
                print("paid")
        except Exception as error:
            print("pay", type(error).__name__)
        print("task", found)


asyncio.run(main(*sys.argv[1:]))
