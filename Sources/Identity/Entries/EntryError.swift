// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why something is no registration entry.
public enum EntryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The selector's kind is not known.
    case selectorKind
    /// No process can have a selector with this value.
    case selectorValue(Selector.Kind)
    /// There is no selector.
    case noSelectors
    /// There are more selectors, DNS names or trust domains than ``RegistrationEntry`` allows.
    case tooMany(String, limit: Int)
    /// The selectors only name a program.
    case programOnly
    /// An ID is not one of the authority's trust domain.
    case foreignDomain
    /// An ID has no path.
    case noPath
    /// The ID is one that the gate keeps for itself.
    case reserved
    /// A DNS name is none.
    case dnsName
    /// The hint is too long or has characters that cannot be shown.
    case hint
    /// A lifetime lies outside of what is allowed, in seconds.
    case lifetime(String, ClosedRange<Int64>)
    /// The trust domain is listed among the ones that it federates with.
    case ownDomain

    /// A sentence for the person who wrote the entry.
    public var description: String {
        switch self {
        case .selectorKind:
            "a selector is one of " + Selector.Kind.allCases.map { "\($0.rawValue):…" }.joined(separator: ", ")
        case .selectorValue(.path): "unix:path: takes an absolute path without '.', '..' and empty parts"
        case .selectorValue(.sha256): "unix:sha256: takes 64 lower-case hexadecimal digits"
        case .selectorValue(.container): "container:id: takes 64 lower-case hexadecimal digits"
        case .selectorValue(let kind): "no process can have \(kind.rawValue): with this value"
        case .noSelectors: "an entry needs at least one selector, or it would fit everybody"
        case .tooMany(let what, let limit): "an entry has at most \(limit) \(what)"
        case .programOnly:
            "unix:path and unix:sha256 alone fit whoever may start that program; add a user, a group, a unit, "
                + "a container or a launch"
        case .foreignDomain: "the ID is not one of this trust domain"
        case .noPath: "the ID of a workload has a path"
        case .reserved: "the IDs under \(RegistrationEntry.reservedPath) are the gate's own"
        case .dnsName: "a DNS name has letters, digits and dashes in labels of at most 63, and is no address"
        case .hint: "a hint has at most \(RegistrationEntry.longestHint) bytes and no control characters"
        case .lifetime(let what, let range): "\(what) is from \(range.lowerBound) to \(range.upperBound) seconds"
        case .ownDomain: "a trust domain does not federate with itself"
        }
    }
}
