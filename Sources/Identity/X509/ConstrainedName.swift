// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import SwiftASN1
internal import X509

/// The form of a name; only names of one form compare.
enum NameForm: Equatable {
    case dns, mail, uri, address, directory, x400, ediParty, registeredID
    case other(ASN1ObjectIdentifier)

    init(_ name: GeneralName) {
        self =
            switch name {
            case .dnsName: .dns
            case .rfc822Name: .mail
            case .uniformResourceIdentifier: .uri
            case .ipAddress: .address
            case .directoryName: .directory
            case .x400Address: .x400
            case .ediPartyName: .ediParty
            case .registeredID: .registeredID
            case .otherName(let name): .other(name.typeID)
            }
    }
}

/// A name of a certificate, taken apart once for all constraints.
struct ConstrainedName {
    enum Content {
        /// The host of a DNS name or of a URI.
        case host(HostText)
        case mail(MailText)
        case address(ArraySlice<UInt8>)
        case directory(DistinguishedName)
        /// It is malformed, or in a form whose inside nobody knows.
        case incomparable
    }

    let form: NameForm
    let content: Content

    init(_ name: GeneralName) {
        form = NameForm(name)
        let content: Content? =
            switch name {
            case .dnsName(let text): HostText(text, mayBeWildcard: true).map(Content.host)
            case .uniformResourceIdentifier(let text): URIHost.host(of: text).map(Content.host)
            case .rfc822Name(let text): MailText(mailbox: text).map(Content.mail)
            case .ipAddress(let octets): [4, 16].contains(octets.bytes.count) ? .address(octets.bytes) : nil
            case .directoryName(let name): .directory(name)
            case .otherName, .x400Address, .ediPartyName, .registeredID: nil
            }
        self.content = content ?? .incomparable
    }
}

/// A constraint, taken apart once for all names.
struct ConstrainedSubtree {
    private enum Content {
        /// Every name of the form.
        case everything
        case host(HostText)
        case mail(MailText)
        case range(AddressRange)
        case directory(DistinguishedName)
        case incomparable
    }

    let form: NameForm
    private let content: Content

    /// Nil when it is malformed.
    init?(_ constraint: GeneralName) {
        form = NameForm(constraint)
        let content: Content? =
            switch constraint {
            case .dnsName(""): .everything
            // A leading dot has a meaning for URIs and mailboxes only.
            case .dnsName(let text): HostText(text).map(Content.host)
            case .uniformResourceIdentifier(let text): HostText(text, mayStartWithDot: true).map(Content.host)
            case .rfc822Name(let text): MailText(constraint: text).map(Content.mail)
            case .ipAddress(let octets): AddressRange(octets.bytes).map(Content.range)
            case .directoryName(let name): .directory(name)
            case .otherName, .x400Address, .ediPartyName, .registeredID: .incomparable
            }
        guard let content else { return nil }
        self.content = content
    }

    /// Whether everything that the name stands for lies in the subtree; false when that is unknown.
    func contains(_ name: ConstrainedName) -> Bool {
        switch (content, name.content) {
        case (_, .incomparable), (.incomparable, _): false
        case (.everything, _): true
        case (.host(let host), .host(let name)):
            form == .dns || host.hasDot ? host.contains(name) : host.labels == name.labels
        case (.mail(let mail), .mail(let name)): mail.contains(name)
        case (.range(let range), .address(let address)): range.contains(address)
        case (.directory(let prefix), .directory(let name)):
            name.count >= prefix.count && zip(name, prefix).allSatisfy(DirectoryText.isEqual)
        default: false
        }
    }

    /// Whether anything that the name stands for lies in the subtree; true when that is unknown.
    func overlaps(_ name: ConstrainedName) -> Bool {
        switch (content, name.content) {
        case (_, .incomparable), (.incomparable, _): true
        case (.host(let host), .host(let name)) where form == .dns: host.contains(name) || name.mayExpand(into: host)
        default: contains(name)
        }
    }
}
