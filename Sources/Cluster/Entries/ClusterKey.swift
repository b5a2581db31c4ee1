// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The name of an entry that gates share: what it is about can be read from it, whatever became of its value.
public struct ClusterKey: Sendable, Hashable, CustomStringConvertible {
    /// What an entry is about.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// That etcd takes changes; one entry for all gates.
        case beat
        /// A gate that is there.
        case member
        /// A revocation, by kind and target.
        case revocation
        /// A quarantine or its end, by agent.
        case quarantine
        /// A task, by its id.
        case task
        /// An approved definition of a tool, by service and name.
        case pin
        /// What a gate says of the keys with which it signs.
        case keys
        /// What a gate's authority signs identities with.
        case authority
        /// A call that waits for a person, by the gate where it waits and its id.
        case question
        /// A person's answer to it, under the same names.
        case answer
        /// The head of a gate's audit tree.
        case head
        /// What a gate has seen of the others' heads.
        case sightings
        /// What is taken of a budget, by account and period.
        case budget
    }

    /// What it is about.
    public let kind: Kind
    /// The parts of the name.
    public let names: [String]

    /// The longest key behind the prefix, in bytes.
    public static let longest = 8 * 1024
    private static let mostNames = 3

    /// Names an entry.
    public init(_ kind: Kind, _ names: String...) {
        self.kind = kind
        self.names = names
    }

    /// Parses what ``description`` writes; nothing else, so that no entry has two names.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let kind = Kind(rawValue: String(first)), parts.count <= Self.mostNames + 1
        else { return nil }
        var names: [String] = []
        for part in parts.dropFirst() {
            guard let name = Self.unescaped(part) else { return nil }
            names.append(name)
        }
        self.kind = kind
        self.names = names
        guard description.utf8.elementsEqual(text.utf8) else { return nil }
    }

    /// The key behind the prefix: kind and names with `/` between them. Bytes that are not letters, digits or one of
    /// `-._~:@#` stand as `%` and two upper-case hexadecimal digits.
    public var description: String {
        ([kind.rawValue] + names.map(Self.escaped)).joined(separator: "/")
    }

    private static func escaped(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "#"):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] {
                    bytes.append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "A") &+ digit &- 10)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}
