// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An agent's card as it is shown to one caller of the gate: every way in leads to the gate, and only what the caller may
/// call is on it.
public struct A2ACard: Sendable {
    /// What to write into the card.
    public struct Terms {
        /// The service's address at the gate, without a slash at its end.
        public let entrance: String
        /// Where the service is.
        public let isOwnHost: (A2ALink) -> Bool
        /// Where the service begins upstream; empty, or without a slash at its end.
        public let base: String
        /// Whether the caller may call a skill.
        public let isVisible: (String) -> Bool

        /// The terms for one caller.
        public init(
            entrance: String, base: String, isOwnHost: @escaping (A2ALink) -> Bool,
            isVisible: @escaping (String) -> Bool
        ) {
            self.entrance = entrance
            self.base = base
            self.isOwnHost = isOwnHost
            self.isVisible = isVisible
        }
    }

    /// The card, without signatures.
    public private(set) var object: JSONObject
    /// How many interfaces were left out because they do not lead to the service, or speak what the gate does not.
    public private(set) var droppedInterfaces = 0
    /// How many skills were left out although the caller might call them, because they have no name that can be called.
    public private(set) var unnamedSkills = 0

    private static let members = [
        "additionalInterfaces", "capabilities", "defaultInputModes", "defaultOutputModes", "description",
        "documentationUrl", "iconUrl", "name", "preferredTransport", "protocolVersion", "provider", "skills",
        "supportedInterfaces", "supportsAuthenticatedExtendedCard", "url", "version",
    ]
    /// What version 1.0 knows, without the ways to prove who one is: the gate has its own.
    private static let signedMembers = [
        "capabilities", "defaultInputModes", "defaultOutputModes", "description", "documentationUrl", "iconUrl",
        "name", "provider", "skills", "supportedInterfaces", "version",
    ]
    private static let bindings = ["JSONRPC", "HTTP+JSON"]
    private static let names = A2AMembers(members)

    /// Rewrites a card.
    public init(_ value: JSONValue, terms: Terms) throws(A2ARefusalReason) {
        guard case .object(let written) = value else { throw .card }
        do throws(A2ARefusalReason) {
            object = try Self.names.known(of: written)
        } catch { throw .card }
        try rewriteInterfaces(terms)
        // A name with characters that are not seen is another one, so skills are judged before those are taken out.
        try filterSkills(terms)
        object = HiddenText.removed(from: .object(object)).object ?? JSONObject()
        for name in ["documentationUrl", "iconUrl"] where !Self.isLink(object[name]) { object[name] = nil }
        if case .object(var provider)? = object["provider"] {
            if !Self.isLink(provider["url"]) { provider["url"] = nil }
            object["provider"] = .object(provider)
        }
        object = Self.withoutEmpty(.object(object)).object ?? JSONObject()
        if object["skills"] == nil { object["skills"] = [] }
    }

    private static func isLink(_ value: JSONValue?) -> Bool { value?.string.flatMap { A2ALink($0) } != nil }

    // MARK: Interfaces

    private mutating func rewriteInterfaces(_ terms: Terms) throws(A2ARefusalReason) {
        let lists = ["supportedInterfaces", "additionalInterfaces"]
        var links: [A2ALink] = Self.link(object["url"]).map { [$0] } ?? []
        for name in lists {
            for element in try Self.list(object[name]) { links += Self.link(element["url"]).map { [$0] } ?? [] }
        }
        // A card that names another place only speaks of the service as others reach it.
        let namesOwn = links.contains(where: terms.isOwnHost)
        for name in lists {
            guard object[name] != nil else { continue }
            var kept: [JSONValue] = []
            for element in try Self.list(object[name]) {
                guard case .object(var interface) = element else { throw .card }
                let binding = (interface["protocolBinding"] ?? interface["transport"])?.string ?? ""
                guard Self.bindings.contains(where: { $0.utf8.elementsEqual(binding.utf8) }),
                    let url = Self.rewritten(interface["url"], terms, namesOwn)
                else {
                    droppedInterfaces &+= 1
                    continue
                }
                interface["url"] = .string(url)
                kept.append(.object(interface))
            }
            object[name] = .array(kept)
        }
        if object["url"] != nil {
            let binding = object["preferredTransport"]?.string ?? "JSONRPC"
            if Self.bindings.contains(where: { $0.utf8.elementsEqual(binding.utf8) }),
                let url = Self.rewritten(object["url"], terms, namesOwn)
            {
                object["url"] = .string(url)
            } else {
                droppedInterfaces &+= 1
                object["url"] = nil
                object["preferredTransport"] = nil
            }
        }
    }

    private static func list(_ value: JSONValue?) throws(A2ARefusalReason) -> [JSONValue] {
        guard let value else { return [] }
        guard case .array(let elements) = value, elements.count <= 1024 else { throw .card }
        return elements
    }

    private static func link(_ value: JSONValue?) -> A2ALink? { value?.string.flatMap { A2ALink($0) } }

    /// The address at the gate of an address of the service; `nil` for one that leads elsewhere.
    private static func rewritten(_ value: JSONValue?, _ terms: Terms, _ namesOwn: Bool) -> String? {
        guard let link = link(value), !namesOwn || terms.isOwnHost(link) else { return nil }
        var path = Array(link.rest.utf8)
        guard !path.contains(0x3f) else { return nil }
        let base = Array(terms.base.utf8)
        if !base.isEmpty {
            guard path.starts(with: base), path.count == base.count || path[base.count] == 0x2f else { return nil }
            path.removeFirst(base.count)
        }
        let segments = path.split(separator: 0x2f, omittingEmptySubsequences: false).dropFirst()
        // One slash at the end is an empty last segment.
        guard segments.dropLast().allSatisfy(A2ANames.isPlain),
            segments.last.map({ $0.isEmpty || A2ANames.isPlain($0) }) ?? true
        else { return nil }
        return terms.entrance + String(decoding: path, as: UTF8.self)
    }

    // MARK: Skills

    private mutating func filterSkills(_ terms: Terms) throws(A2ARefusalReason) {
        var kept: [JSONValue] = []
        var seen: Set<[UInt8]> = []
        for element in try Self.list(object["skills"]) {
            guard case .object(var skill) = element, let id = skill["id"]?.string else { throw .card }
            guard A2ANames.isSkill(id), seen.insert(Array(id.utf8)).inserted else {
                unnamedSkills &+= 1
                continue
            }
            guard terms.isVisible(id) else { continue }
            skill["security"] = nil
            skill["securityRequirements"] = nil
            kept.append(.object(skill))
        }
        object["skills"] = .array(kept)
    }

    // MARK: Signing

    /// Without what a reader of protocol buffers would not find set: nulls, empty texts, lists and objects.
    private static func withoutEmpty(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(withoutEmpty).filter { !isEmpty($0) })
        case .object(let object):
            var kept = JSONObject()
            for member in object.members {
                let value = withoutEmpty(member.value)
                if !isEmpty(value) { kept[member.name] = value }
            }
            return .object(kept)
        default: return value
        }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// What is signed: the members of version 1.0 in canonical form (RFC 8785). Of extensions `required` counts only when
    /// it is true, since false is what a reader takes for not set.
    public var signedBytes: [UInt8] {
        var signed = JSONObject()
        for name in Self.signedMembers { signed[name] = object[name].flatMap { Self.isEmpty($0) ? nil : $0 } }
        if case .object(var capabilities)? = signed["capabilities"],
            case .array(let extensions)? = capabilities["extensions"]
        {
            capabilities["extensions"] = .array(
                extensions.map { element in
                    guard case .object(var entry) = element, entry["required"] == .bool(false) else { return element }
                    entry["required"] = nil
                    return .object(entry)
                })
            signed["capabilities"] = .object(capabilities)
        }
        return JSONValue.object(signed).canonicalBytes
    }

    /// The card with a signature in the form of a JWS: its protected header and the signature itself.
    public func signed(_ signature: (protected: String, signature: String)?) -> JSONValue {
        guard let signature else { return .object(object) }
        var signed = object
        signed["signatures"] = [
            ["protected": .string(signature.protected), "signature": .string(signature.signature)]
        ]
        return .object(signed)
    }
}
