# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors

"""An agent of LangGraph whose model and whose tool are services of the gate: agent.py GATE. Prints what it sees."""

import sys

import httpx
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

gate = sys.argv[1]


def read_ticket(number: int) -> str:
    """Reads a ticket."""
    return httpx.get(f"{gate}/s/pages/text").text


model = ChatOpenAI(model="small", base_url=f"{gate}/s/models/v1", api_key="agents-have-none", max_retries=0)
tools = [read_ticket]
asking = model.bind_tools(tools)
graph = StateGraph(MessagesState)
graph.add_node("model", lambda state: {"messages": [asking.invoke(state["messages"])]})
graph.add_node("tools", ToolNode(tools))
graph.add_edge(START, "model")
graph.add_conditional_edges("model", tools_condition)
graph.add_edge("tools", "model")
for message in graph.compile().invoke({"messages": [("user", "Read ticket 7.")]})["messages"]:
    calls = getattr(message, "tool_calls", None)
    print(message.type, calls[0]["name"] if calls else message.content)
