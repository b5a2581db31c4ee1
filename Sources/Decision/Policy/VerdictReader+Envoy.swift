// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols
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
        guard isCarried else {
            for (key, name) in demands where value.member(key).count > 0 {
                return .deny(
                    .policyObligation, detail: "the gate cannot do here what \(name) demands", grant: granted?.grant)
            }
            return allowed
        }
        var verdict = allowed
        let changes = changes(value)
        if verdict.effect == .allow, changes != PolicyChanges() { verdict.changes = changes }
        return verdict
    }

    private func changes(_ value: Value) -> PolicyChanges {
        var changes = PolicyChanges()
        changes.requestFields = fields(value.member(Self.key.headers))
        changes.responseFields = fields(value.member(Self.key.responseAdded))
        changes.removedFields = names(value.member(Self.key.requestRemoved)).filter(Self.isFieldName)
        changes.removedQuery = names(value.member(Self.key.queryRemoved))
        changes.query = parameters(value.member(Self.key.querySet))
        changes.metadata = metadata(value)
        return changes
    }

    private func names(_ value: Value) -> [String] {
        guard value.tag == .array || value.tag == .set else { return [] }
        return value.elements.prefix(32).filter(\.isString).map(\.string)
    }

    private func parameters(_ value: Value) -> [PolicyAnswer.Field] {
        guard value.tag == .object else { return [] }
        return value.members.prefix(32).flatMap { member -> [PolicyAnswer.Field] in
            let values = member.value.tag == .array ? Array(member.value.elements) : [member.value]
            return values.filter { member.key.isString && $0.isString && Self.isFieldValue($0.string) }
                .map { PolicyAnswer.Field(name: member.key.string, value: $0.string) }
        }
    }

    private static let longestMetadata = 16 << 10

    /// An object only, and not a large one.
    private func metadata(_ value: Value) -> JSONObject? {
        let member = value.member(Self.key.dynamicMetadata)
        guard member.tag == .object, member.count > 0 else { return nil }
        var options = Rego.JSONWriter.Options()
        options.byteLimit = Self.longestMetadata
        var writer = Rego.JSONWriter(options)
        do throws(BuiltinFailure) {
            try writer.write(member)
        } catch { return nil }
        return (try? JSONValue(parsing: writer.bytes))?.object
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
        if isCarried { answer.metadata = metadata(value) }
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
        "connection", "content-length", "host", "keep-alive", "proxy-authenticate", "te", "trailer",
        "transfer-encoding",
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
