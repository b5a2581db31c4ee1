// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import SwiftASN1
internal import X509

/// Whether names lie within what an authority may vouch for (RFC 5280 section 4.2.1.10).
///
/// A constraint or a name that cannot be compared refuses the path; nothing passes because it was not understood.
struct NameConstraintCheck {
    /// Comparisons that are left.
    private(set) var comparisons: Int

    init(comparisons: Int) { self.comparisons = comparisons }

    mutating func check(_ names: [GeneralName], against constraints: NameConstraints) throws(PathError) {
        for subtree in constraints.permittedSubtrees + constraints.excludedSubtrees
        where !ConstrainedName.isWellFormed(constraint: subtree) {
            throw .nameConstraint
        }
        for name in names { try check(name, against: constraints) }
    }

    private mutating func check(_ name: GeneralName, against constraints: NameConstraints) throws(PathError) {
        let (cost, overflow) = comparisons.subtractingReportingOverflow(
            constraints.permittedSubtrees.count &+ constraints.excludedSubtrees.count)
        guard !overflow, cost >= 0 else { throw .tooMuchWork }
        comparisons = cost
        for subtree in constraints.excludedSubtrees where ConstrainedName.haveSameForm(name, subtree) {
            guard ConstrainedName.isComparable(name, with: subtree), !ConstrainedName.overlaps(name, subtree) else {
                throw .nameConstraint
            }
        }
        let permitted = constraints.permittedSubtrees.filter { ConstrainedName.haveSameForm(name, $0) }
        guard !permitted.isEmpty else { return }
        guard
            permitted.contains(where: {
                ConstrainedName.isComparable(name, with: $0) && ConstrainedName.isInside(name, $0)
            })
        else { throw .nameConstraint }
    }
}

/// How a name of each form compares with a constraint of the same form.
enum ConstrainedName {
    static func haveSameForm(_ name: GeneralName, _ constraint: GeneralName) -> Bool {
        switch (name, constraint) {
        case (.dnsName, .dnsName), (.rfc822Name, .rfc822Name), (.directoryName, .directoryName),
            (.uniformResourceIdentifier, .uniformResourceIdentifier), (.ipAddress, .ipAddress),
            (.x400Address, .x400Address), (.ediPartyName, .ediPartyName), (.registeredID, .registeredID):
            true
        case (.otherName(let name), .otherName(let constraint)): name.typeID == constraint.typeID
        default: false
        }
    }

    static func isWellFormed(constraint: GeneralName) -> Bool {
        switch constraint {
        case .dnsName(let text): text.isEmpty || HostText(text, mayStartWithDot: true) != nil
        case .uniformResourceIdentifier(let text): HostText(text, mayStartWithDot: true) != nil
        case .rfc822Name(let text): MailText(constraint: text) != nil
        case .ipAddress(let bytes): AddressRange(bytes.bytes) != nil
        default: true
        }
    }

    /// Whether the name is in a form that can be compared at all.
    static func isComparable(_ name: GeneralName, with constraint: GeneralName) -> Bool {
        switch name {
        case .dnsName(let text): HostText(text, mayBeWildcard: true) != nil
        case .uniformResourceIdentifier(let text): URIHost.host(of: text) != nil
        case .rfc822Name(let text): MailText(mailbox: text) != nil
        case .ipAddress(let bytes): bytes.bytes.count == 4 || bytes.bytes.count == 16
        case .directoryName: true
        // Nothing is known about the inside of these.
        case .otherName, .x400Address, .ediPartyName, .registeredID: false
        }
    }

    /// Whether every host that the name stands for lies in the subtree.
    static func isInside(_ name: GeneralName, _ constraint: GeneralName) -> Bool {
        switch (name, constraint) {
        case (.dnsName(let name), .dnsName(let constraint)):
            if constraint.isEmpty { return true }
            guard let name = HostText(name, mayBeWildcard: true),
                let constraint = HostText(constraint, mayStartWithDot: true)
            else { return false }
            return constraint.contains(name)
        default: return matches(name, constraint)
        }
    }

    /// Whether any host that the name stands for lies in the subtree.
    static func overlaps(_ name: GeneralName, _ constraint: GeneralName) -> Bool {
        switch (name, constraint) {
        case (.dnsName(let name), .dnsName(let constraint)):
            if constraint.isEmpty { return true }
            guard let name = HostText(name, mayBeWildcard: true),
                let constraint = HostText(constraint, mayStartWithDot: true)
            else { return true }
            return constraint.contains(name) || name.mayExpand(into: constraint)
        default: return matches(name, constraint)
        }
    }

    private static func matches(_ name: GeneralName, _ constraint: GeneralName) -> Bool {
        switch (name, constraint) {
        case (.uniformResourceIdentifier(let name), .uniformResourceIdentifier(let constraint)):
            guard let host = URIHost.host(of: name), let constraint = HostText(constraint, mayStartWithDot: true) else {
                return false
            }
            return constraint.hasDot ? constraint.contains(host) : constraint.labels == host.labels
        case (.rfc822Name(let name), .rfc822Name(let constraint)):
            guard let name = MailText(mailbox: name), let constraint = MailText(constraint: constraint) else {
                return false
            }
            return constraint.contains(name)
        case (.ipAddress(let name), .ipAddress(let constraint)):
            return AddressRange(constraint.bytes)?.contains(name.bytes) ?? false
        case (.directoryName(let name), .directoryName(let constraint)):
            return name.count >= constraint.count && zip(name, constraint).allSatisfy(DirectoryText.isEqual)
        default: return false
        }
    }
}
