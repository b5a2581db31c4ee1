// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity
internal import Protocols
internal import Yams

extension ConfigurationReader {
    /// Reads one grant.
    func readGrant(_ value: Value, _ services: [ServiceConfiguration]) -> GrantConfiguration? {
        guard var section = value.mapping("a grant") else { return nil }
        let name = section.required("name")?.text("a name")
        var grant = Grant(name: name ?? "", hosts: [])
        let service = readDestination(&section, &grant, services, value)
        readOperations(&section, &grant)
        grant.expires = section.value("expires").flatMap { readTime($0) }
        grant.budget = section.value("budget").flatMap { readBudget($0) }
        grant.window = section.value("window").flatMap { readWindow($0) }
        if let requirement = section.value("require") { readRequirement(requirement, &grant.requirement) }
        if let rule = section.value("tls")?.word(["sni": Grant.ServerNameRule.matchingServerName, "any": .any]) {
            grant.tls = rule
        } else if let service, service.protocolName == .postgres || service.protocolName == .tcp {
            grant.tls = .any
        }
        if let allows = section.value("ech")?.word(["deny": false, "allow": true]) {
            grant.allowsEncryptedClientHello = allows
        }
        if let approval = section.value("approval") { grant.needsApproval = readApproval(approval) }
        if let sandbox = section.value("sandbox") { grant.sandbox = readSandboxTerms(sandbox, of: service) }
        if let leaks = section.value("leaks") { grant.leaks = readLeakTerms(leaks) }
        if let nameBudget = section.value("name_budget") { grant.nameBudget = readNameBudget(nameBudget) }
        section.finish()
        guard let name, isName(name, section.place(of: "name"), "the name of a grant") else { return nil }
        var result = GrantConfiguration(grant)
        result.service = service?.name
        result.place = value.place
        return result
    }

    // MARK: Destinations

    /// Reads `service`, or `hosts` and `ports`.
    private func readDestination(
        _ section: inout MappingReader, _ grant: inout Grant, _ services: [ServiceConfiguration], _ value: Value
    ) -> ServiceConfiguration? {
        let serviceValue = section.value("service")
        let hosts = section.value("hosts")
        let ports = section.value("ports")
        guard let serviceValue else {
            if let hosts {
                grant.hosts = hosts.list("host patterns", { pattern($0) }) ?? []
                hosts.refuseEmpty("host pattern")
            } else {
                value.error("a grant names 'hosts' or a 'service'")
            }
            if let ports { grant.ports = readPorts(ports) ?? grant.ports }
            return nil
        }
        if let hosts { hosts.error("hosts and service exclude one another") }
        if let ports { ports.error("ports and service exclude one another: the service has its own port") }
        guard let name = serviceValue.text("the name of a service") else { return nil }
        guard let service = services.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            let near = NearestName.of(name, among: services.map(\.name))
            serviceValue.error("there is no service of this name", hint: near.map { "did you mean '\($0)'?" })
            return nil
        }
        grant.hosts = service.places.reduce(into: []) { hosts, place in
            let pattern =
                switch place.host {
                case .name(let name): HostPattern(.exact(name))
                case .address(let address): HostPattern(.address(address))
                }
            if !hosts.contains(pattern) { hosts.append(pattern) }
        }
        grant.ports = PortSet(service.places.map { $0.port...$0.port })
        // Only the pairs that the service has, where not every port is one of every host.
        if Set(service.places).count < grant.hosts.count * Set(service.places.map(\.port)).count {
            grant.endpoints = service.places
        }
        return service
    }

    /// A host pattern; `any-public` stands for every host.
    func pattern(_ value: Value) -> HostPattern? {
        let expected = "a host pattern such as api.example.com, *.example.com, 10.0.0.0/8 or any-public"
        guard let text = value.text(expected) else { return nil }
        if text == "any-public" { return HostPattern(.any) }
        do {
            return try HostPattern(parsing: text)
        } catch {
            value.error("\(expected) is expected here: \(error)", hint: text == "*" ? "write any-public" : nil)
            return nil
        }
    }

    private func readPorts(_ value: Value) -> PortSet? {
        if value.isWord("any") { return .all }
        guard let ranges = value.list("ports or 'any'", { portRange($0) }) else { return nil }
        value.refuseEmpty("port")
        return ranges.isEmpty ? nil : PortSet(ranges)
    }

    private func portRange(_ value: Value) -> ClosedRange<UInt16>? {
        let expected = "a port from 1 to 65535 or a range such as 8000-8010"
        guard let text = value.text(expected) else { return nil }
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let numbers = parts.compactMap(Value.decimal).compactMap(UInt16.init(exactly:))
        guard numbers.count == parts.count, let low = numbers.first, let high = numbers.last, low > 0, low <= high
        else {
            value.error("\(expected) is expected here")
            return nil
        }
        return low...high
    }

    // MARK: Operations

    private func readOperations(_ section: inout MappingReader, _ grant: inout Grant) {
        if let value = section.value("schemes") {
            let words: KeyValuePairs<String, Destination.Scheme> = ["http": .http, "https": .https, "tcp": .tcp]
            let schemes = value.list("schemes") { $0.word(words) }
            if let schemes, !schemes.isEmpty { grant.schemes = Set(schemes) }
            value.refuseEmpty("scheme")
        }
        if let value = section.value("methods"), !value.isWord("any") {
            grant.methods = .only(value.list("methods or 'any'") { method($0) } ?? [])
            value.refuseEmpty("method")
        }
        if let value = section.value("paths") {
            grant.paths = value.list("path prefixes") { element in
                element.parsed("a path prefix") { try PathPrefix(parsing: $0) }
            }
            value.refuseEmpty("path prefix")
        }
        if let value = section.value("tools") { grant.tools = readTools(value) }
        if let value = section.value("resources") {
            grant.resources = value.list("URIs of resources") { element in
                let expected = "the URI of a resource, or the beginning of one with a star at its end, is expected here"
                guard let text = element.text(expected) else { return nil }
                if let pattern = ResourcePattern(text) { return pattern }
                element.error(expected)
                return nil
            }
            value.refuseEmpty("resource")
        }
        if let value = section.value("prompts") {
            grant.prompts = value.list("names of prompts") { $0.text("the name of a prompt is expected here") }
            value.refuseEmpty("prompt")
        }
        if let value = section.value("operations") {
            let operations = value.list("operations") { operation($0) } ?? []
            value.refuseEmpty("operation")
            grant.tools = (grant.tools ?? []) + operations
        }
    }

    private func method(_ value: Value) -> String? {
        guard let text = value.text("a method such as GET") else { return nil }
        guard isToken(text, bytes: 32) else {
            value.error("a method such as GET is expected here")
            return nil
        }
        if text.utf8.contains(where: { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }) {
            context.warning(
                value.place, "methods are compared in their exact case", hint: "did you mean '\(text.uppercased())'?")
        }
        return text
    }

    /// An operation of an OpenAPI document, of which any arguments are granted.
    private func operation(_ value: Value) -> ToolGrant? {
        guard let text = value.text("the name of an operation") else { return nil }
        guard !text.isEmpty, text.utf8.count <= 256 else {
            value.error("the name of an operation has 1 to 256 bytes")
            return nil
        }
        return ToolGrant(name: text)
    }

    private func readTools(_ value: Value) -> [ToolGrant]? {
        guard var section = value.mapping("tools") else { return nil }
        if section.isEmpty { value.error("at least one tool is expected here") }
        return section.all().compactMap { entry in
            guard !entry.name.isEmpty, entry.name.utf8.count <= 256 else {
                context.error(entry.place, "the name of a tool has 1 to 256 bytes")
                return nil
            }
            if entry.value.isNull { return ToolGrant(name: entry.name) }
            guard var tool = entry.value.mapping("a tool") else { return nil }
            let arguments = tool.value("arguments")
            tool.finish()
            guard let arguments else { return ToolGrant(name: entry.name) }
            return readConstraint(arguments).map { ToolGrant(name: entry.name, arguments: $0) }
        }
    }

    private func readConstraint(_ value: Value) -> ArgumentConstraint? {
        var reader = JSONReader(context: context)
        guard let json = reader.read(value, depth: 0) else { return nil }
        do {
            return try ArgumentConstraint(parsing: json)
        } catch {
            context.error(
                reader.place(of: error.path) ?? value.place, "in the constraint on arguments, \(error.description)")
            return nil
        }
    }
}

extension Value {
    /// Reports a list without elements.
    func refuseEmpty(_ element: String) {
        if case .sequence(let list) = node, list.isEmpty { error("at least one \(element) is expected here") }
    }

    /// Whether this is exactly the given word.
    func isWord(_ word: String) -> Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.string.utf8.elementsEqual(word.utf8)
    }
}
