// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// The few header fields that have a meaning between clients and providers, and pass.
enum ModelFields {
    /// Fields of requests. A key is none of them: the gate adds its own.
    private static let ofRequests = [
        "anthropic-beta", "anthropic-version", "openai-organization", "openai-project", "user-agent",
    ]
    /// Fields of answers: a name for support, and when to come again.
    private static let ofAnswers = [
        "openai-processing-ms", "request-id", "retry-after", "retry-after-ms", "x-request-id", "x-should-retry",
    ]
    private static let prefixesOfAnswers = ["anthropic-ratelimit-", "x-ratelimit-"]

    /// The value of a field that must not stand twice.
    struct Repeated: Error {
        let name: String
    }

    /// The one value of a field, if it is there.
    static func value(_ name: String, in fields: [MCPField]) throws(Repeated) -> String? {
        let found = fields.filter { $0.name.utf8.elementsEqual(name.utf8) }
        guard found.count < 2 else { throw Repeated(name: name) }
        return found.first?.value
    }

    /// The fields of a request as it is sent on.
    static func forwarded(_ fields: [MCPField], _ call: ModelCall) throws(Repeated) -> [MCPField] {
        var output: [MCPField] = []
        for name in ofRequests {
            guard let value = try value(name, in: fields), isPlain(value) else { continue }
            output.append(MCPField(name, value))
        }
        output.append(MCPField("accept", call.isStreaming ? "text/event-stream, application/json" : "application/json"))
        // What is packed cannot be read.
        output.append(MCPField("accept-encoding", "identity"))
        if !call.body.isEmpty { output.append(MCPField("content-type", "application/json")) }
        return output
    }

    /// The fields of an answer that go on.
    static func released(_ fields: [MCPField]) -> [MCPField] {
        var output: [MCPField] = []
        for field in fields.prefix(512) where isPlain(field.value) {
            let isKnown =
                ofAnswers.contains { $0.utf8.elementsEqual(field.name.utf8) }
                || prefixesOfAnswers.contains { field.name.utf8.starts(with: $0.utf8) }
            guard isKnown, !output.contains(where: { $0.name.utf8.elementsEqual(field.name.utf8) }) else { continue }
            output.append(field)
        }
        return output
    }

    private static func isPlain(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.count <= 1024 && value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
}
