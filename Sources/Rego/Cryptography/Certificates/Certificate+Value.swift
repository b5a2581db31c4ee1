// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Certificate {
    /// The object that Go's `x509.Certificate` becomes.
    ///
    /// - Parameter withResourceTexts: whether to add `URIStrings`, the URIs as they are written.
    func value(_ writer: ValueWriter, withResourceTexts: Bool) -> Value {
        var members: [(name: Text, value: Value)] = [
            ("Raw", writer.bytes(encoded)), ("RawTBSCertificate", writer.bytes(signedPart)),
            ("RawSubjectPublicKeyInfo", writer.bytes(encodedPublicKey)),
            ("RawSubject", writer.bytes(subject.encoded)), ("RawIssuer", writer.bytes(issuer.encoded)),
            ("Signature", writer.bytes(signature)), ("SignatureAlgorithm", .integer(signatureAlgorithm.rawValue)),
            ("PublicKeyAlgorithm", .integer(publicKey.kind.rawValue)), ("PublicKey", writer.publicKey(publicKey.key)),
            ("Version", .integer(version)), ("SerialNumber", writer.unsigned(serialNumber)),
            ("Issuer", issuer.value(writer)), ("Subject", subject.value(writer)),
            ("NotBefore", writer.string(notBefore.text)), ("NotAfter", writer.string(notAfter.text)),
            ("KeyUsage", .integer(extensions.keyUsage)),
            ("Extensions", writer.list(extensionList.map { $0.value(writer) })), ("ExtraExtensions", .null),
        ]
        members += extensions.members(writer)
        if withResourceTexts {
            members.append(("URIStrings", writer.strings(extensions.names.resources.map { $0.text })))
        }
        return writer.object(members)
    }
}

extension CertificateExtensions {
    /// The members of `x509.Certificate` that the extensions fill.
    fileprivate func members(_ writer: ValueWriter) -> [(name: Text, value: Value)] {
        let purposes = extendedKeyUsages.map { Value.integer($0) }
        var members: [(name: Text, value: Value)] = [
            ("UnhandledCriticalExtensions", writer.list(unhandled.map(writer.identifier))),
            ("ExtKeyUsage", writer.list(purposes)),
            ("UnknownExtKeyUsage", writer.list(unknownKeyUsages.map(writer.identifier))),
            ("BasicConstraintsValid", .boolean(hasBasicConstraints)), ("IsCA", .boolean(isAuthority)),
            ("MaxPathLen", .integer(pathLength)),
            ("MaxPathLenZero", .boolean(hasBasicConstraints && pathLength == 0)),
            ("SubjectKeyId", writer.bytes(subjectKey)), ("AuthorityKeyId", writer.bytes(authorityKey)),
            ("OCSPServer", writer.strings(statusServers)), ("IssuingCertificateURL", writer.strings(issuerResources)),
            ("CRLDistributionPoints", writer.strings(revocationLists)),
        ]
        members += names.members(writer)
        members += constraints.members(writer)
        members += policyMembers(writer)
        return members
    }

    private func policyMembers(_ writer: ValueWriter) -> [(name: Text, value: Value)] {
        func dotted(_ identifier: [UInt]) -> Value {
            writer.string(identifier.map { String($0) }.joined(separator: "."))
        }
        let mappings = policyMappings.map { mapping in
            writer.object([
                ("IssuerDomainPolicy", dotted(mapping.0)), ("SubjectDomainPolicy", dotted(mapping.1)),
            ])
        }
        return [
            ("PolicyIdentifiers", writer.list(policies.map(writer.identifier))),
            ("Policies", writer.list(policies.map(dotted))), ("PolicyMappings", writer.list(mappings)),
            ("InhibitAnyPolicy", .integer(inhibitAnyPolicy ?? 0)),
            ("InhibitAnyPolicyZero", .boolean(inhibitAnyPolicy == 0)),
            ("InhibitPolicyMapping", .integer(inhibitPolicyMapping ?? 0)),
            ("InhibitPolicyMappingZero", .boolean(inhibitPolicyMapping == 0)),
            ("RequireExplicitPolicy", .integer(requireExplicitPolicy ?? 0)),
            ("RequireExplicitPolicyZero", .boolean(requireExplicitPolicy == 0)),
        ]
    }
}
