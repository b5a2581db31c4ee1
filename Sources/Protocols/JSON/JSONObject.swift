// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The members of a JSON object, each name once, in the order of RFC 8785: by the UTF-16 code units of their names.
///
/// The order of a text is not kept. That makes equality, look-up and the canonical form cheap, and RFC 8259 section 4
/// gives the order no meaning.
public struct JSONObject: Sendable, Hashable {
    /// A name and its value.
    public struct Member: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value.
        public var value: JSONValue

        /// Whether name and value are the same, bytewise.
        public static func == (left: Member, right: Member) -> Bool {
            left.name.utf8.elementsEqual(right.name.utf8) && left.value == right.value
        }

        /// Feeds the name's bytes and the value.
        public func hash(into hasher: inout Hasher) {
            hasher.combine(utf8Of: name)
            hasher.combine(value)
        }
    }

    /// The members in canonical order.
    public private(set) var members: [Member]

    /// An object without members.
    public init() { members = [] }

    /// An object of these members, or nil when two have the same name.
    public init?(_ members: [(name: String, value: JSONValue)]) {
        self.init(sorting: members.map { Member(name: $0.name, value: $0.value) })
    }

    /// Sorts the members; nil when two have the same name.
    init?(sorting members: [Member]) {
        var sorted = members
        var isSorted = true
        for index in sorted.indices.dropFirst()
        where !JSONNameOrder.isLess(sorted[index &- 1].name, sorted[index].name) {
            isSorted = false
            break
        }
        if !isSorted {
            sorted.sort { JSONNameOrder.isLess($0.name, $1.name) }
            for index in sorted.indices.dropFirst()
            where !JSONNameOrder.isLess(sorted[index &- 1].name, sorted[index].name) {
                return nil
            }
        }
        self.members = sorted
    }

    /// How many members there are.
    public var count: Int { members.count }

    /// True without members.
    public var isEmpty: Bool { members.isEmpty }

    /// The names in canonical order.
    public var names: [String] { members.map(\.name) }

    /// The value of a member. Setting nil removes the member.
    public subscript(name: String) -> JSONValue? {
        get {
            let index = position(of: name)
            guard index < members.count, members[index].name.utf8.elementsEqual(name.utf8) else { return nil }
            return members[index].value
        }
        set {
            let index = position(of: name)
            let exists = index < members.count && members[index].name.utf8.elementsEqual(name.utf8)
            switch (newValue, exists) {
            case (.some(let value), true): members[index].value = value
            case (.some(let value), false): members.insert(Member(name: name, value: value), at: index)
            case (.none, true): members.remove(at: index)
            case (.none, false): break
            }
        }
    }

    /// The first position whose name is not before `name`.
    private func position(of name: String) -> Int {
        var low = 0
        var high = members.count
        while low < high {
            let middle = low &+ (high &- low) / 2
            if JSONNameOrder.isLess(members[middle].name, name) { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
