// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Reads what a policy decided.
struct VerdictReader {
    /// The document that holds the decision.
    let entryPoint: [String]
    /// What the grants say; absent when the policy does not ask for them.
    let granted: Verdict?
    /// Whether the request asks for an opaque tunnel.
    let isTunnel: Bool
    /// Whether an Envoy carries the request, and changes it as the policy says.
    var isCarried = false

    /// How many reasons of a policy are shown.
    private static let maximumReasons = 8
    /// How many bytes of a text of a policy are shown.
    private static let maximumText = 512

    /// Reads `true`, `false` or an object with `allow`, `deny`, `hold`, `obligations` and `sandbox`.
    func read(_ value: Value) -> Verdict {
        switch value.tag {
        case .undefined: return undefined
        case .true: return allowed
        case .false: return refused
        case .object: break
        default: return invalid("is neither a boolean nor an object")
        }
        let allow = value.member(Self.key.allow)
        guard allow.isBoolean else { return invalid("has no boolean member allow") }
        guard let denials = reasons(value.member(Self.key.deny)), let holds = reasons(value.member(Self.key.hold)),
            let names = strings(value.member(Self.key.obligations))
        else { return invalid("has a member deny, hold or obligations of a form that means nothing") }
        guard let terms = Self.terms(value.member(Self.key.sandbox)) else {
            return invalid("has a member sandbox of a form that means nothing")
        }
        if !denials.isEmpty { return verdict(.deny, .policyDenied, denials) }
        guard allow.isTrue else { return refused }
        var allowed = names.isEmpty ? allowed : allowed(with: names)
        if !terms.isEmpty { allowed.sandbox.append(terms) }
        guard !holds.isEmpty, allowed.effect == .allow else { return allowed }
        // What is demanded of the plane holds for a call to which somebody agrees.
        var held = verdict(.hold, .policyHeld, holds)
        held.obligations = allowed.obligations
        held.sandbox = allowed.sandbox
        return held
    }

    var undefined: Verdict {
        .deny(.policyUndefined, detail: "data.\(entryPoint.joined(separator: ".")) is undefined", grant: granted?.grant)
    }

    func invalid(_ what: String) -> Verdict {
        .deny(.policyInvalid, detail: "data.\(entryPoint.joined(separator: ".")) \(what)", grant: granted?.grant)
    }

    /// The verdict of the grants, or that of the policy alone, which can rely on nothing but the server's name.
    var allowed: Verdict {
        if let granted, granted.effect == .allow { return granted }
        return Verdict(.allow, .policyAllowed, obligations: isTunnel ? .requireMatchingServerName : [])
    }

    /// The denial of the grants with its exact reason, or that of a policy that allows less than they do.
    var refused: Verdict {
        if let granted, granted.effect != .allow { return granted }
        return .deny(.policyDenied, detail: "the policy does not allow this", grant: granted?.grant)
    }

    private func allowed(with names: [Value]) -> Verdict {
        var verdict = allowed
        for name in names {
            guard let obligation = Obligations.named(name.utf8) else {
                return .deny(
                    .policyObligation, detail: "“\(Self.shortened(name.string))” is no obligation of this gate",
                    grant: granted?.grant)
            }
            verdict.obligations.insert(obligation)
        }
        return verdict
    }

    private func verdict(_ effect: Verdict.Effect, _ code: ReasonCode, _ reasons: [Reason]) -> Verdict {
        let texts = reasons.map { reason in reason.message.map { "\(reason.code): \($0)" } ?? reason.code }
        var verdict = Verdict(effect, code, detail: texts.joined(separator: "; "), grant: granted?.grant)
        verdict.policyCodes = reasons.map(\.code)
        return verdict
    }

    // MARK: Parts

    /// A denial or a hold in a policy's words.
    private struct Reason {
        var code: String
        var message: String?
    }

    /// The elements of a set or an array, an object's members as codes and messages, `true` as one reason without words.
    ///
    /// - Returns: `nil` for what is none of these.
    private func reasons(_ value: Value) -> [Reason]? {
        switch value.tag {
        case .undefined, .false: return []
        case .true: return [Reason(code: "refused", message: nil)]
        case .array, .set: return value.elements.prefix(Self.maximumReasons).map { reason($0) }
        case .object:
            return value.members.prefix(Self.maximumReasons).map { member in
                Reason(code: Self.words(member.key), message: member.value.isTrue ? nil : Self.words(member.value))
            }
        default: return nil
        }
    }

    private func reason(_ value: Value) -> Reason {
        guard value.tag == .object else { return Reason(code: Self.words(value), message: nil) }
        let code = value.member(Self.key.code)
        let message = value.member(Self.key.message)
        return Reason(
            code: code.isDefined ? Self.words(code) : "refused", message: message.isDefined ? Self.words(message) : nil)
    }

    private func strings(_ value: Value) -> [Value]? {
        switch value.tag {
        case .undefined: return []
        case .array, .set:
            if value.count == 0 { return [] }
            let elements = Array(value.elements)
            return elements.allSatisfy(\.isString) ? elements : nil
        default: return nil
        }
    }

    private static func words(_ value: Value) -> String {
        if value.isString { return shortened(value.string) }
        // More than is shown need not be written.
        var printer = RegoPrinter(byteLimit: maximumText * 4)
        do throws(BuiltinFailure) {
            try printer.write(value)
        } catch {
            return "a \(value.typeName)"
        }
        return shortened(String(decoding: printer.bytes, as: UTF8.self))
    }

    /// A text cut to a length that fits into a record, without control characters.
    static func shortened(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > maximumText {
                result.append("…")
                break
            }
            result.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return String(result)
    }

    /// The names of the members of a decision.
    struct Keys: @unchecked Sendable {
        let allow, allowed, body, code, deny, dynamicMetadata, headers, hold, httpStatus, message, obligations: Value
        let queryRemoved, querySet, requestRemoved, responseAdded, sandbox: Value
        private let heap = Heap(firstChunk: 4096)

        init() {
            allow = heap.string("allow")
            allowed = heap.string("allowed")
            body = heap.string("body")
            code = heap.string("code")
            deny = heap.string("deny")
            dynamicMetadata = heap.string("dynamic_metadata")
            headers = heap.string("headers")
            hold = heap.string("hold")
            httpStatus = heap.string("http_status")
            message = heap.string("message")
            obligations = heap.string("obligations")
            queryRemoved = heap.string("query_parameters_to_remove")
            querySet = heap.string("query_parameters_to_set")
            requestRemoved = heap.string("request_headers_to_remove")
            responseAdded = heap.string("response_headers_to_add")
            sandbox = heap.string("sandbox")
        }
    }

    static let key = Keys()
}
