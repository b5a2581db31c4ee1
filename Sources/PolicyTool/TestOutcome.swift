// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Rego

/// What became of one test.
public struct TestOutcome: Sendable {
    /// How a test ended.
    public enum Result: Sendable, Equatable {
        case passed
        case failed
        case skipped
        case error(PolicyProblem)

        /// Whether two tests ended alike.
        public static func == (left: Result, right: Result) -> Bool {
            switch (left, right) {
            case (.passed, .passed), (.failed, .failed), (.skipped, .skipped), (.error, .error): true
            default: false
            }
        }

        /// The word in reports.
        public var word: String {
            switch self {
            case .passed: "PASS"
            case .failed: "FAIL"
            case .skipped: "SKIPPED"
            case .error: "ERROR"
            }
        }
    }

    /// The rule's name.
    public var name: String
    /// The package with `data`.
    public var package: String
    /// Where the rule stands.
    public var place: SourcePlace
    /// How it ended.
    public var result = Result.failed
    /// The cases of a test that has cases, in their order.
    public var cases: [(name: String, isPassed: Bool)] = []
    /// How long it took, in nanoseconds.
    public var duration: UInt64 = 0
    /// What it printed.
    public var output: [String] = []

    /// The full name.
    public var fullName: String { "\(package).\(name)" }

    /// The name as benchmarks of Go are named: `DataAppTestAllow`.
    public var goName: String {
        fullName.split { $0 == "." || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The test as OPA's JSON report shows it.
    public var json: SyntaxValue {
        var fields: [(String, SyntaxValue)] = [
            ("location", place.json), ("package", .text(package)), ("name", .text(name)),
        ]
        switch result {
        case .passed: break
        case .failed: fields.append(("fail", .boolean(true)))
        case .skipped: fields.append(("skip", .boolean(true)))
        case .error(let problem):
            fields.append(("error", problem.entries.first?.json ?? .null))
        }
        fields.append(("duration", .integer(duration)))
        if !output.isEmpty {
            let text = output.map { $0 + "\n" }.joined()
            fields.append(("output", .text(Base64Text.encode(Array(text.utf8)))))
        }
        if !cases.isEmpty {
            fields.append(
                (
                    "sub_results",
                    .fields(
                        cases.map { entry in
                            (
                                entry.name,
                                .fields(
                                    [("name", .text(entry.name))]
                                        + (entry.isPassed ? [] : [("fail", .boolean(true))]))
                            )
                        })
                ))
        }
        return .fields(fields)
    }
}

/// Bytes as Base64 (RFC 4648).
enum Base64Text {
    static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits: UInt32 = 0
            for offset in 0..<3 { bits = bits << 8 | (offset < group.count ? UInt32(group[start + offset]) : 0) }
            for offset in 0..<4 {
                let digit = Int(bits >> UInt32(18 - 6 * offset)) & 0x3F
                result.append(offset <= group.count ? digits[digit] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
