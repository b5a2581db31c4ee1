// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Which hosts a grant or an exception speaks of.
///
/// A pattern is one of: an exact name, `*.suffix` (every name below the suffix at a label boundary, never the suffix
/// itself), an exact address, an address block, or `*` where the reader permits it. Names never match addresses and the
/// other way round, and an exact name never covers its subdomains.
public struct HostPattern: Hashable, Sendable, CustomStringConvertible {
    /// The form of a pattern.
    public enum Kind: Hashable, Sendable {
        /// This name and no other.
        case exact(HostName)
        /// Every name below this one.
        case subdomains(of: HostName)
        /// This address literal.
        case address(IPAddress)
        /// Every address literal in the block.
        case block(AddressBlock)
        /// Every host.
        case any
    }

    /// The form and its operand.
    public let kind: Kind

    /// Makes a pattern of its form.
    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// Reads a pattern. A wildcard needs a suffix of `minimumSuffixLabels` labels, two unless told otherwise, so that
    /// `*.com` is a mistake and not a grant. `*` alone is refused unless `permitsAny`.
    public init(
        parsing text: String, minimumSuffixLabels: Int = 2, permitsAny: Bool = false
    ) throws(HostError) {
        let bytes = text.utf8
        if bytes.elementsEqual("*".utf8) {
            guard permitsAny else { throw .anyHostNotPermitted }
            kind = .any
        } else if bytes.starts(with: "*.".utf8) {
            let suffix = String(text[bytes.index(bytes.startIndex, offsetBy: 2)...])
            guard !suffix.utf8.contains(UInt8(ascii: "*")) else { throw .misplacedWildcard }
            let name = try HostName(parsing: suffix)
            guard name.labelCount >= minimumSuffixLabels else {
                throw .wildcardTooWide(minimumSuffixLabels: minimumSuffixLabels)
            }
            kind = .subdomains(of: name)
        } else if bytes.contains(UInt8(ascii: "*")) {
            throw .misplacedWildcard
        } else if bytes.contains(UInt8(ascii: "/")) {
            guard let block = AddressBlock(text) else { throw .badBlock }
            kind = .block(block)
        } else if let address = IPAddress(text) {
            kind = .address(address)
        } else {
            switch try Host(parsing: text) {
            case .name(let name): kind = .exact(name)
            case .address(let address): kind = .address(address)
            }
        }
    }

    /// Whether the pattern covers the host.
    public func matches(_ host: Host) -> Bool {
        switch (kind, host) {
        case (.any, _): true
        case (.exact(let own), .name(let name)): own == name
        case (.subdomains(let suffix), .name(let name)): name.isSubdomain(of: suffix)
        case (.address(let own), .address(let address)): own == address
        case (.block(let block), .address(let address)): block.contains(address)
        default: false
        }
    }

    /// The pattern as it would be written.
    public var description: String {
        switch kind {
        case .exact(let name): name.description
        case .subdomains(let suffix): "*.\(suffix)"
        case .address(let address): address.description
        case .block(let block): block.description
        case .any: "*"
        }
    }
}
