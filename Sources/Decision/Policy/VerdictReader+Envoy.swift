// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Decisions in the form of OPA's plugin for Envoy.
extension VerdictReader {
    /// Reads `true`, `false` or an object with `allowed` and what becomes of the response.
    func readEnvoy(_ value: Value) -> Verdict {
        switch value.tag {
        case .undefined: return undefined
        case .true: return allowed
        case .false: return refused
        case .object: break
        default: return invalid("is neither a boolean nor an object")
        }
        let allow = value.member(Self.key.allowed)
        guard allow.isBoolean else { return invalid("has no boolean member allowed") }
        guard allow.isTrue else { return denial(value) }
        let demands = [
            (Self.key.headers, "headers"), (Self.key.responseAdded, "response_headers_to_add"),
            (Self.key.requestRemoved, "request_headers_to_remove"),
            (Self.key.queryRemoved, "query_parameters_to_remove"), (Self.key.querySet, "query_parameters_to_set"),
        ]
        for (key, name) in demands where value.member(key).count > 0 {
            return .deny(
                .policyObligation, detail: "the gate cannot do here what \(name) demands", grant: granted?.grant)
        }
        return allowed
    }

    private func denial(_ value: Value) -> Verdict {
        var answer = PolicyAnswer()
        let status = value.member(Self.key.httpStatus)
        if status.isDefined {
            guard let code = status.exactInteger, (400...599).contains(code) else {
                return invalid("has an http_status that is no refusal (400 to 599)")
            }
            answer.status = Int(code)
        }
        let body = value.member(Self.key.body)
        if body.isString { answer.body = body.string }
        answer.fields = fields(value.member(Self.key.headers))
        var verdict = refused
        if verdict.reason == .policyDenied, let body = answer.body { verdict.detail = Self.shortened(body) }
        if answer != PolicyAnswer() { verdict.answer = answer }
        return verdict
    }

    /// The header fields of an object, or of an array of objects; what is no field is left out.
    private func fields(_ value: Value) -> [PolicyAnswer.Field] {
        if value.tag == .array { return value.elements.prefix(32).flatMap { fields($0) } }
        var found: [PolicyAnswer.Field] = []
        for member in value.members.prefix(32) {
            let values = member.value.tag == .array ? Array(member.value.elements) : [member.value]
            for element in values where member.key.isString && element.isString {
                let name = member.key.string
                guard Self.isFieldName(name), Self.isFieldValue(element.string) else { continue }
                found.append(PolicyAnswer.Field(name: name, value: element.string))
            }
        }
        return found
    }

    /// The fields that belong to the gate.
    private static let ownFields: Set<String> = [
        "connection", "content-length", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding",
        "upgrade", "yett-decision", "yett-reason",
    ]

    private static func isFieldName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128 && !ownFields.contains(name.lowercased())
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private static func isFieldValue(_ value: String) -> Bool {
        value.utf8.count <= 4096 && value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }
}
