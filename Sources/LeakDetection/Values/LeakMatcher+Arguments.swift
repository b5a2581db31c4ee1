// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

extension LeakMatcher {
    /// Inspects the arguments of a tool call, a message of an agent or another JSON value: every text in it, names
    /// included, and what the texts form one after the other, so that a secret that was split over several is found.
    ///
    /// Offsets count over all texts, in the order of the object's members; see ``redact(_:on:)-(JSONValue,_)`` for what
    /// puts a finding into its place.
    public func inspect(arguments value: JSONValue, on surface: LeakSurface = .argument) -> LeakReport {
        var record = ScanRecord(limits)
        var texts = JSONTexts(limit: limits.viewBytes &* 16)
        texts.collect(value)
        if texts.isCut { record.markIncomplete() }
        var offset = 0
        for text in texts.values {
            var own = ScanRecord(partOf: record)
            inspect(text, on: surface, path: [], &own)
            record.add(own, at: offset)
            if surface == .argument, usesBuiltInRules, VariableName.isCredential(text) {
                record.add(
                    LeakFinding(
                        name: "credential-variable", kind: .sensitivePath, path: [], offset: offset, length: text.count)
                )
            }
            offset &+= text.count
        }
        for (name, value) in texts.named {
            let pair = name + Array("=".utf8) + value.bytes
            TextScan.scan(pair, path: [], depth: 0, place: value.place, self, &record)
        }
        joinValues(texts, &record)
        return record.report
    }

    /// Puts the values together, without the names; and those of each name, because others may stand between them.
    private func joinValues(_ texts: JSONTexts, _ record: inout ScanRecord) {
        let all = texts.values.indices.filter { !texts.areNames[$0] && texts.values[$0].count <= 1024 }
        join(all.map { texts.values[$0] }, &record)
        for (_, group) in Dictionary(grouping: all, by: { texts.owners[$0] }).sorted(by: { $0.key < $1.key })
        where group.count > 1 && group.count < all.count {
            join(group.map { texts.values[$0] }, &record)
        }
    }
}

/// The texts of a JSON value, in order.
struct JSONTexts {
    private(set) var values: [[UInt8]] = []
    /// Which of them are names of members.
    private(set) var areNames: [Bool] = []
    /// The name of the member that each belongs to, or that of the array it stands in.
    private(set) var owners: [String] = []
    /// Members whose value is a text, with the place of the value among all texts.
    private(set) var named: [(name: [UInt8], value: (bytes: [UInt8], place: Range<Int>))] = []
    private(set) var isCut = false
    private var room: Int
    private var total = 0

    init(limit: Int) { room = limit }

    mutating func collect(_ value: JSONValue, of owner: String = "") {
        switch value {
        case .string(let text): add(Array(text.utf8), of: owner)
        case .number(let number): if number.text.utf8.count >= 8 { add(Array(number.text.utf8), of: owner) }
        case .array(let elements): for element in elements { collect(element, of: owner) }
        case .object(let object):
            for member in object.members {
                if let text = member.value.string, text.utf8.count <= WholeValue.longest {
                    let bytes = Array(text.utf8)
                    named.append((Array(member.name.utf8), (bytes, total..<(total &+ bytes.count))))
                }
                collect(member.value, of: member.name)
                // A name is written by the caller as well.
                if member.name.utf8.count >= LeakMatcher.minimumSecretBytes {
                    add(Array(member.name.utf8), of: owner, isName: true)
                }
            }
        case .bool, .null: break
        }
    }

    private mutating func add(_ bytes: [UInt8], of owner: String, isName: Bool = false) {
        guard bytes.count <= room else {
            isCut = true
            return
        }
        room &-= bytes.count
        total &+= bytes.count
        values.append(bytes)
        areNames.append(isName)
        owners.append(owner)
    }
}

/// Names of environment variables that hold credentials.
enum VariableName {
    private static let ends = [
        "_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_PASSWD", "_CREDENTIALS", "_DSN", "_API_KEY", "_PRIVATE_KEY",
        "DATABASE_URL", "REDIS_URL", "MONGODB_URI",
    ].map { Array($0.utf8) }

    /// Whether the whole text is such a name.
    static func isCredential(_ text: [UInt8]) -> Bool {
        guard text.count <= 64 else { return false }
        guard text.allSatisfy({ ByteClass.isUpper($0) || ByteClass.isDigit($0) || $0 == 0x5f }) else { return false }
        return ends.contains { text.count >= $0.count && text.suffix($0.count).elementsEqual($0) }
    }
}
