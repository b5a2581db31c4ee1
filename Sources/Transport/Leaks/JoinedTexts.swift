// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import LeakDetection
internal import Protocols

/// Looks at what the texts form that stand at the same place of the messages that follow one another: a model says its
/// answer in pieces, and so could anybody a secret.
///
/// A place is the way from the message's outermost value to the text. What is no JSON is one text, at a place of its own.
struct JoinedTexts: Sendable {
    /// Places that are told apart; what stands at further ones is looked at message by message only.
    private static let most = 64
    /// Bytes of a line that are kept until it is complete.
    private static let longestLine = 1 << 20
    private static let field = Array("data:".utf8)

    private let matcher: LeakMatcher
    private var scanners: [String: LeakScanner] = [:]
    private var line: [UInt8] = []
    private var isLineTooLong = false

    init(_ matcher: LeakMatcher) { self.matcher = matcher }

    /// Takes a complete message.
    ///
    /// - Returns: Registered secrets, canaries and credentials. Numbers are not put together: two would often make a third.
    mutating func take(message: [UInt8]) -> [LeakFinding] {
        var found: [LeakFinding] = []
        let isValue = message.first { $0 != 0x20 }.map { $0 == 0x7b || $0 == 0x5b || $0 == 0x22 } ?? false
        if isValue, let value = try? JSONValue(parsing: message) {
            take(value, at: "$", &found)
        } else {
            scan(message, at: "", &found)
        }
        return found
    }

    /// Takes bytes of an event stream, of which each line of data is a message.
    mutating func take(events bytes: some Sequence<UInt8>) -> [LeakFinding] {
        var found: [LeakFinding] = []
        for byte in bytes {
            guard byte == 0x0a || byte == 0x0d else {
                if line.count < Self.longestLine { line.append(byte) } else { isLineTooLong = true }
                continue
            }
            defer {
                line.removeAll(keepingCapacity: true)
                isLineTooLong = false
            }
            guard line.starts(with: Self.field), !isLineTooLong else { continue }
            let rest = line.dropFirst(Self.field.count)
            found += take(message: Array(rest.first == 0x20 ? rest.dropFirst() : rest))
        }
        return found
    }

    private mutating func take(_ value: JSONValue, at place: String, _ found: inout [LeakFinding]) {
        switch value {
        case .string(let text): scan(Array(text.utf8), at: place, &found)
        case .array(let elements):
            for (index, element) in elements.enumerated() { take(element, at: "\(place)[\(index)", &found) }
        case .object(let object):
            for member in object.members { take(member.value, at: "\(place).\(member.name)", &found) }
        case .number, .bool, .null: break
        }
    }

    private mutating func scan(_ text: [UInt8], at place: String, _ found: inout [LeakFinding]) {
        guard !text.isEmpty else { return }
        guard var scanner = scanners[place] ?? (scanners.count < Self.most ? LeakScanner(matcher) : nil) else { return }
        scanners[place] = nil
        found += scanner.scan(text).filter { [.secret, .canary, .credential].contains($0.kind) }
        scanners[place] = scanner
    }
}
