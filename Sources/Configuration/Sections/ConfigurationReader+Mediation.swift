// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Protocols

extension ConfigurationReader {
    /// Reads what the gate does with the requests for a service and their answers.
    func readMediation(
        _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?
    ) {
        let credential = overHTTP("credential", &section, known)
        service.credential = credential.flatMap { readCredential($0) }
        let rule: KeyValuePairs<String, AssertionRule> = [
            "true": .shared, "per-request": .perRequest, "false": .off,
        ]
        if let assertion = overHTTP("assertion", &section, known)?.word(rule) { service.assertion = assertion }
        service.scansResponses = credential != nil || service.assertion != .off
        if let scan = overHTTP("scan_response", &section, known), let isOn = scan.bool() {
            service.scansResponses = isOn
            if isOn, credential == nil, service.assertion == .off {
                scan.error("without a credential there is no secret to look for")
            }
        }
        let rules: KeyValuePairs<String, ServiceConfiguration.TaskRule> = [
            "optional": .optional, "required": .required,
        ]
        if let tasks = overHTTP("tasks", &section, known)?.word(rules) { service.tasks = tasks }
        let pinnings: KeyValuePairs<String, ServiceConfiguration.ToolPinning> = [
            "first-use": .firstUse, "approved": .approved,
        ]
        service.resource = overHTTP("resource", &section, known).flatMap { readResource($0, known) }
        readDocument(&section, &service, known)
        if let calls = section.value("tool_calls") {
            let rules: KeyValuePairs<String, ServiceConfiguration.ToolCallRule> = ["any": .any, "granted": .granted]
            if let known, known != .llm { calls.error("'tool_calls' is for services with protocol: llm") }
            if let rule = calls.word(rules) { service.toolCalls = rule }
        }
        if let prices = section.value("prices") {
            if let known, known != .llm { prices.error("'prices' is for services with protocol: llm") }
            service.prices = readPrices(prices)
        }
        if let tools = overMCP("tools", &section, known, agentsToo: true) {
            service.tools = readAnnotations(tools, &service.approvedTools)
        }
        if let pinning = overMCP("pin_tools", &section, known)?.word(pinnings) { service.pinning = pinning }
        readToolRules(&section, &service, known)
        if let provenance = overMCP("provenance", &section, known, agentsToo: true) {
            readProvenance(provenance, &service, known)
        }
        if let decoys = overMCP("decoys", &section, known) { service.decoys = readDecoys(decoys) }
        if let origins = overMCP("origins", &section, known) {
            service.origins = origins.list("web origins") { readOrigin($0) } ?? []
        }
    }

    /// The value of a key that is for MCP servers, or for agents as well.
    func overMCP(
        _ key: String, _ section: inout MappingReader, _ known: ServiceConfiguration.ProtocolName?,
        agentsToo: Bool = false
    ) -> Value? {
        guard let value = section.value(key) else { return nil }
        if let known, known != .mcp, !(agentsToo && known == .a2a) {
            value.error("'\(key)' is for services with protocol: mcp\(agentsToo ? " or a2a" : "")")
            return nil
        }
        return value
    }

    // MARK: OpenAPI

    private func readDocument(
        _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?
    ) {
        let document = section.value("openapi")
        let others = section.value("other_requests")
        for (value, key) in [(document, "openapi"), (others, "other_requests")] {
            if let value, let known, known != .http { value.error("'\(key)' is for services with protocol: http") }
        }
        service.openAPI = document.flatMap { path($0) }
        let rules: KeyValuePairs<String, Bool> = ["refuse": false, "allow": true]
        guard let others, let isAllowed = others.word(rules) else { return }
        service.allowsOtherRequests = isAllowed
        if document == nil { others.error("other_requests is for services with an 'openapi' document") }
    }

    // MARK: Tools

    private func readAnnotations(_ value: Value, _ approved: inout [String]) -> [AnnotatedTool] {
        guard var section = value.mapping("tools") else { return [] }
        var tools: [AnnotatedTool] = []
        for entry in section.all() {
            guard MCPNames.isToolName(entry.name) else {
                context.error(entry.place, "the name of a tool has 1 to 128 letters, digits, '-', '_' and '.'")
                continue
            }
            var needsApproval = false
            if let annotations = readAnnotations(of: entry.value, &needsApproval) {
                tools.append(AnnotatedTool(name: entry.name, annotations: annotations))
            }
            if needsApproval { approved.append(entry.name) }
        }
        return tools
    }

    /// What is known of a tool; `nil` where nothing but its approval is said.
    private func readAnnotations(of value: Value, _ needsApproval: inout Bool) -> ToolAnnotations? {
        guard var section = value.mapping("a tool") else { return nil }
        let approval = section.value("approval")
        needsApproval = approval.map { readApproval($0) } ?? false
        if approval != nil, section.count == 1 { return nil }
        return readAnnotations(&section)
    }

    func readAnnotations(of value: Value) -> ToolAnnotations? {
        guard var section = value.mapping("a tool") else { return nil }
        return readAnnotations(&section)
    }

    private func readAnnotations(_ section: inout MappingReader) -> ToolAnnotations? {
        let effect = section.required("effect")?.word(Self.effects)
        let roles = section.value("arguments").map { readRoles($0) } ?? [:]
        let freeText = section.value("free_text").map { readFields($0) } ?? []
        let structured = section.value("structured")
        let values = structured.map { readFields($0) } ?? []
        let isPrivate = section.value("private")?.bool() ?? false
        let isUntrusted = section.value("untrusted")?.bool()
        section.finish()
        if let structured, !freeText.isDisjoint(with: values) {
            structured.error("a field is free_text or structured, not both")
        }
        guard let effect else { return nil }
        return ToolAnnotations(
            effect: effect, roles: roles, freeTextFields: freeText, structuredFields: values,
            readsPrivateData: isPrivate, readsUntrustedContent: isUntrusted)
    }

    private static var effects: KeyValuePairs<String, ToolEffect> {
        [
            "read": .read, "write": .write, "external": .external, "destructive": .destructive,
            "egress-read": .egressRead,
        ]
    }

    private static var roles: KeyValuePairs<String, ArgumentRole> {
        [
            "destination": .destination, "object": .object, "secret": .secret, "handle": .handle, "value": .value,
            "content": .content,
        ]
    }

    private func readRoles(_ value: Value) -> [String: ArgumentRole] {
        guard var section = value.mapping("arguments") else { return [:] }
        var roles: [String: ArgumentRole] = [:]
        for entry in section.all() where isField(entry.name, entry.place) {
            roles[entry.name] = entry.value.word(Self.roles)
        }
        return roles
    }

    private func readFields(_ value: Value) -> Set<String> {
        let fields = value.list("fields") { element -> String? in
            guard let text = element.text("the name of a field"), isField(text, element.place) else { return nil }
            return text
        }
        return Set(fields ?? [])
    }

    /// Names of members, from the outer one to the inner one with dots between them.
    private func isField(_ name: String, _ place: Place) -> Bool {
        let steps = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isValid =
            (1...512).contains(name.utf8.count) && name.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            && !steps.contains(where: \.isEmpty)
        if !isValid {
            context.error(place, "a name such as recipient, or outer.inner, of 1 to 512 bytes is expected here")
        }
        return isValid
    }

    private func readProvenance(
        _ value: Value, _ service: inout ServiceConfiguration, _ known: ServiceConfiguration.ProtocolName?
    ) {
        guard var section = value.mapping("provenance") else { return }
        if let calls = section.value("ungranted_calls")?.integer(0...1_000_000) {
            service.provenance.ungrantedCalls = calls
        }
        if let isOn = section.value("verbatim_reads")?.bool() { service.provenance.allowsVerbatimReads = isOn }
        if let isOn = overMCP("outside_tasks", &section, known)?.bool() { service.judgesOutsideTasks = isOn }
        section.finish()
    }

    // MARK: Origins

    /// Scheme, host and port as browsers write them in `Origin` (RFC 6454 section 6.2); never `null`.
    private func readOrigin(_ value: Value) -> String? {
        let expected = "a web origin such as https://chat.example.org"
        guard let text = value.text(expected) else { return nil }
        for (prefix, port) in [("https://", UInt16(443)), ("http://", 80)] where text.utf8.starts(with: prefix.utf8) {
            let rest = String(text.dropFirst(prefix.count))
            guard let endpoint = try? Endpoint(parsing: rest, defaultPort: port) else { break }
            let written = endpoint.port == port ? "\(endpoint.host)" : "\(endpoint)"
            if written.utf8.elementsEqual(rest.utf8) { return text }
        }
        value.error("\(expected) is expected here, in lower case, without a path and without the usual port")
        return nil
    }
}
