# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""An agent of LangGraph whose model and whose tool are services of the gate: agent.py GATE. Prints what it sees."""

import sys

import httpx
from langchain_openai import ChatOpenAI
from langgraph.prebuilt import create_react_agent

gate = sys.argv[1]


def read_ticket(number: int) -> str:
    """Reads a ticket."""
    return httpx.get(f"{gate}/s/pages/text").text


model = ChatOpenAI(model="small", base_url=f"{gate}/s/models/v1", api_key="agents-have-none", max_retries=0)
agent = create_react_agent(model, [read_ticket])
for message in agent.invoke({"messages": [("user", "Read ticket 7.")]})["messages"]:
    calls = getattr(message, "tool_calls", None)
    print(message.type, calls[0]["name"] if calls else message.content)
