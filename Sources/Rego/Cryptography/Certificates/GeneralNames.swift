// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// The names that an alternative-name extension lists (RFC 5280, section 4.2.1.6).
struct GeneralNames {
    var dnsNames: [[UInt8]] = []
    var emailAddresses: [[UInt8]] = []
    var addresses: [ArraySlice<UInt8>] = []
    var resources: [ResourceName] = []

    /// No names.
    init() {}

    /// Reads the content of the extension; nil if it is malformed.
    init?(_ node: ASN1Node) {
        guard let names = node.sequence else { return nil }
        for name in names where name.identifier.tagClass == .contextSpecific {
            switch name.identifier.tagNumber {
            case 1:
                guard let text = CertificateText.ascii(name.primitive) else { return nil }
                emailAddresses.append(text)
            case 2:
                guard let text = CertificateText.ascii(name.primitive) else { return nil }
                dnsNames.append(text)
            case 6:
                guard let text = CertificateText.ascii(name.primitive), let resource = ResourceName(text) else {
                    return nil
                }
                resources.append(resource)
            case 7:
                guard name.primitive.count == 4 || name.primitive.count == 16 else { return nil }
                addresses.append(name.primitive)
            default: break
            }
        }
    }

    /// Whether there is none of the kinds that are read.
    var isEmpty: Bool { dnsNames.isEmpty && emailAddresses.isEmpty && addresses.isEmpty && resources.isEmpty }

    /// The members that hold the names, as Go calls them.
    func members(_ writer: ValueWriter) -> [(name: Text, value: Value)] {
        [
            ("DNSNames", writer.strings(dnsNames)), ("EmailAddresses", writer.strings(emailAddresses)),
            ("IPAddresses", writer.list(addresses.map { writer.string(CertificateText.address($0) ?? "") })),
            ("URIs", writer.list(resources.map { $0.value(writer) })),
        ]
    }
}

/// A URI in a certificate, in the parts that Go's `url.URL` has.
struct ResourceName {
    /// The text as it is written.
    let text: [UInt8]
    private var scheme = ""
    private var opaque = ""
    private var hasUser = false
    /// The host, with its port.
    private(set) var host = ""
    private var path = ""
    private var query = ""
    private var fragment = ""

    /// Takes the parts; nil if there is a control character.
    init?(_ text: [UInt8]) {
        guard text.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        self.text = text
        var rest = Substring(decoding: text, as: UTF8.self)
        if let mark = rest.firstIndex(of: "#") {
            fragment = String(rest[mark...].dropFirst())
            rest = rest[..<mark]
        }
        if let colon = rest.firstIndex(of: ":"), rest.first?.isLetter == true,
            rest[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
        {
            scheme = rest[..<colon].lowercased()
            rest = rest[colon...].dropFirst()
        }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[mark...].dropFirst())
            rest = rest[..<mark]
        }
        guard rest.hasPrefix("/") || scheme.isEmpty else {
            opaque = String(rest)
            return
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            var authority = rest[..<end]
            rest = rest[end...]
            if let at = authority.lastIndex(of: "@") {
                hasUser = true
                authority = authority[at...].dropFirst()
            }
            host = String(authority)
        }
        path = String(rest)
    }

    /// The object that Go's `url.URL` becomes.
    func value(_ writer: ValueWriter) -> Value {
        writer.object([
            ("Scheme", writer.string(scheme)), ("Opaque", writer.string(opaque)),
            ("User", hasUser ? writer.object([]) : .null), ("Host", writer.string(host)),
            ("Path", writer.string(path)), ("RawPath", writer.string("")), ("OmitHost", .boolean(false)),
            ("ForceQuery", .boolean(false)), ("RawQuery", writer.string(query)),
            ("Fragment", writer.string(fragment)), ("RawFragment", writer.string("")),
        ])
    }
}
