// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Protocols

extension GrantIndex {
    /// The smallest grant that would allow the facts, as the lines of one entry under `grants:`.
    ///
    /// It names the exact host and port, or the service where one was asked for, and for a request the method and the path as well. It asks for nothing that the
    /// facts lack; expiry and budget are left to the person who adds it.
    public static func missingGrant(for facts: Facts) -> String {
        var lines = place(of: facts)
        switch facts.operation.name {
        case .tunnel: lines.append("  methods: [CONNECT]")
        case .toolCall, .modelCall, .skillCall:
            if let http = facts.http { lines.append("  methods: [\(YAMLScalar.quoted(http.method))]") }
            if let tool = facts.operation.tool { lines.append("  tools: {\(YAMLScalar.quoted(tool)): {}}") }
        case .resourceRead:
            if let uri = facts.operation.tool { lines.append("  resources: [\(YAMLScalar.quoted(uri))]") }
        case .promptGet:
            if let prompt = facts.operation.tool { lines.append("  prompts: [\(YAMLScalar.quoted(prompt))]") }
        case .session: break
        case .request, .websocket, .launch:
            if let http = facts.http {
                lines.append("  methods: [\(YAMLScalar.quoted(http.method))]")
                if let operation = facts.operation.tool {
                    lines.append("  operations: [\(YAMLScalar.quoted(operation))]")
                } else if let path = http.path {
                    lines.append("  paths: [\(YAMLScalar.quoted(prefix(of: path)))]")
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func place(of facts: Facts) -> [String] {
        if facts.plane == .service || facts.plane == .mesh, let service = facts.service {
            return ["- name: \(name(for: service))", "  service: \(YAMLScalar.quoted(service))"]
        }
        let pattern: String
        switch facts.destination.host {
        case .name(let name): pattern = name.description
        case .address(let address): pattern = address.description
        }
        return [
            "- name: \(name(for: facts.destination.host.description))", "  hosts: [\(YAMLScalar.quoted(pattern))]",
            "  ports: [\(facts.destination.port)]",
        ]
    }

    /// The path itself where it can be granted as a prefix, or else the nearest prefix above that can.
    private static func prefix(of path: String) -> String {
        var bytes = Array(path.utf8)
        while !bytes.isEmpty {
            let text = String(decoding: bytes, as: UTF8.self)
            if bytes.last != UInt8(ascii: "*"), (try? PathPrefix(parsing: text)) != nil { return text }
            bytes.removeLast()
            while let last = bytes.last, last != UInt8(ascii: "/") { bytes.removeLast() }
        }
        return "/"
    }

    /// A grant name made of the host or service: letters and digits, everything else a hyphen.
    private static func name(for place: String) -> String {
        var text = ""
        for byte in place.utf8.prefix(60) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: if !text.isEmpty, text.utf8.last != UInt8(ascii: "-") { text += "-" }
            }
        }
        while text.utf8.last == UInt8(ascii: "-") { text.removeLast() }
        return "allow-" + text
    }
}
