// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Protocols

extension ConfigurationReader {
    /// Reads what holds for all tools of an MCP server.
    func readToolRules(
        _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?
    ) {
        if let others = overMCP("other_tools", &section, known) { service.otherTools = readAnnotations(of: others) }
        if let isOn = overMCP("server_annotations", &section, known)?.bool() { service.heedsServerAnnotations = isOn }
        let shadowings: KeyValuePairs<String, ServiceConfiguration.ToolShadowing> = [
            "recorded": .recorded, "held": .held,
        ]
        if let word = overMCP("same_names", &section, known)?.word(shadowings) { service.sameNames = word }
        if let word = overMCP("mentions", &section, known)?.word(shadowings) { service.mentions = word }
        let methods: KeyValuePairs<String, MCPMethod> = [
            "elicitation/create": .elicit, "sampling/createMessage": .createMessage, "roots/list": .listRoots,
        ]
        if let requests = overMCP("server_requests", &section, known) {
            service.serverRequests = requests.list("requests of servers") { $0.word(methods) }
        }
    }
}
