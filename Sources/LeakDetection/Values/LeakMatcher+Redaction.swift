// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

extension LeakMatcher {
    /// A text with `[redacted: NAME]` in the place of each finding that is a secret, a credential or a number; the others
    /// stay, because taking them out would hide what a person should see.
    ///
    /// - Parameters:
    ///   - report: What ``inspect(_:on:)-([UInt8],_)`` said of the same text.
    ///   - kinds: What is replaced, of ``LeakKind/redactable``.
    public static func redact(
        _ text: [UInt8], _ report: LeakReport, kinds: Set<LeakKind> = LeakKind.redactable
    ) -> [UInt8] {
        var output: [UInt8] = []
        var place = 0
        for (range, name) in regions(of: report, in: text.count, kinds) {
            output += text[place..<range.lowerBound]
            output += Array("[redacted: \(name)]".utf8)
            place = range.upperBound
        }
        return output + text[place...]
    }

    /// A JSON value with every text in it redacted, members' names included. What is found only when texts are put
    /// together cannot be redacted.
    ///
    /// - Parameter kinds: What is replaced, of ``LeakKind/redactable``.
    /// - Returns: The value, and whether anything was replaced; nil when a name would then occur twice.
    public func redact(
        _ value: JSONValue, on surface: LeakSurface = .argument, kinds: Set<LeakKind> = LeakKind.redactable
    ) -> (value: JSONValue, isChanged: Bool)? {
        var isChanged = false
        guard let value = redact(value, on: surface, kinds, &isChanged) else { return nil }
        return (value, isChanged)
    }

    private func redact(_ value: JSONValue, on surface: LeakSurface, _ kinds: Set<LeakKind>, _ isChanged: inout Bool)
        -> JSONValue?
    {
        switch value {
        case .string(let text): return .string(redact(text, on: surface, kinds, &isChanged))
        case .array(let elements):
            var output: [JSONValue] = []
            for element in elements {
                guard let element = redact(element, on: surface, kinds, &isChanged) else { return nil }
                output.append(element)
            }
            return .array(output)
        case .object(let object):
            var members: [(name: String, value: JSONValue)] = []
            for member in object.members {
                guard let value = redact(member.value, on: surface, kinds, &isChanged) else { return nil }
                members.append((redact(member.name, on: surface, kinds, &isChanged), value))
            }
            return JSONObject(members).map { .object($0) }
        case .number(let number):
            var isNumberChanged = false
            let text = redact(number.text, on: surface, kinds, &isNumberChanged)
            guard isNumberChanged else { return value }
            isChanged = true
            return .string(text)
        case .bool, .null: return value
        }
    }

    private func redact(_ text: String, on surface: LeakSurface, _ kinds: Set<LeakKind>, _ isChanged: inout Bool)
        -> String
    {
        let bytes = Array(text.utf8)
        let report = inspect(bytes, on: surface)
        guard !Self.regions(of: report, in: bytes.count, kinds).isEmpty else { return text }
        isChanged = true
        return String(decoding: Self.redact(bytes, report, kinds: kinds), as: UTF8.self)
    }

    /// What is replaced, in order; findings that overlap are one.
    private static func regions(
        of report: LeakReport, in count: Int, _ kinds: Set<LeakKind>
    ) -> [(range: Range<Int>, name: String)] {
        var regions: [(range: Range<Int>, name: String)] = []
        let findings = report.findings.filter { kinds.contains($0.kind) }.sorted { $0.offset < $1.offset }
        for finding in findings {
            let start = min(max(finding.offset, 0), count)
            let end = min(max(start &+ finding.length, start), count)
            if let last = regions.last, start < last.range.upperBound {
                regions[regions.count &- 1].range = last.range.lowerBound..<max(end, last.range.upperBound)
            } else if end > start {
                regions.append((start..<end, finding.name))
            }
        }
        return regions
    }
}
