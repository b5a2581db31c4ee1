// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// The values that a call brings, so that no result vouches for what was only handed in.
struct BroughtValues {
    /// The keys of whole values, names of members included, and of the addresses inside of text.
    private(set) var keys: Set<[UInt8]> = []
    private var leaves: Int
    private let includesWords: Bool

    init(_ arguments: JSONValue, leaves: Int, includesWords: Bool) {
        self.leaves = leaves
        self.includesWords = includesWords
        gather(arguments)
    }

    private mutating func gather(_ value: JSONValue) {
        guard leaves > 0 else { return }
        switch value {
        case .null, .bool: break
        case .number(let number): gather(number.text)
        case .string(let text): gather(text)
        case .array(let elements):
            for element in elements { gather(element) }
        case .object(let object):
            for member in object.members {
                if !FreeText.isIdentifier(member.name.utf8) { gather(member.name) }
                gather(member.value)
            }
        }
    }

    private mutating func gather(_ text: String) {
        leaves &-= 1
        let written = Array(text.utf8)
        if written.count <= 1024 { keys.insert(AddressForm.opaque(written[...])) }
        if case .key(let key) = WholeValue.form(written[...]) { keys.insert(key) }
        let visible = VisibleText.bytes(text)
        var found: [[UInt8]] = []
        TextScanner.scan(visible, words: includesWords) { item in
            switch item {
            case .link(let link): found += link.vouchers + [link.hostKey]
            case .email(let key):
                found.append(key)
                if let at = key.lastIndex(of: UInt8(ascii: "@")) {
                    found.append([AddressForm.Kind.host.rawValue] + key[(at &+ 1)...])
                }
            case .host(let key): found += [key] + HostWords.vouchers(of: key)
            case .word(let key): found.append(key)
            }
        }
        AccountScanner.scan(visible, .vouching) { found += $0 }
        keys.formUnion(found)
    }
}
