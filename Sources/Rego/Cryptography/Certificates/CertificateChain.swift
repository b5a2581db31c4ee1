// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds and verifies the way from a certificate to the one that is trusted (RFC 5280, section 6), as Go does.
struct CertificateChain {
    /// What a certificate must be good for.
    struct Demands {
        /// Seconds since 1970.
        var seconds: Int64
        /// The host that the certificate must be for.
        var hostName: [UInt8]?
        /// Purposes by Go's numbers, one of which must be allowed; none: a server's.
        var purposes: [Int64] = []
    }

    private static let anyPurpose: Int64 = 0
    private static let serverPurpose: Int64 = 1
    private static let certificateSigning: Int64 = 1 << 5

    private let root: Certificate
    private let intermediates: [Certificate]
    private let demands: Demands
    private let context: BuiltinContext
    /// Signatures verified so far; bounded, since the ways through many certificates are many.
    private var signatureCount = 0
    private static let signatureLimit = 100

    /// The chain from the last certificate to the first, which is trusted, over any of the others; nil if there is
    /// none.
    static func verify(
        _ certificates: [Certificate], _ demands: Demands, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> [Certificate]? {
        guard certificates.count >= 2, let root = certificates.first, let leaf = certificates.last else { return nil }
        var search = CertificateChain(
            root: root, intermediates: Array(certificates.dropFirst().dropLast()), demands: demands,
            context: context)
        guard leaf.extensions.unhandled.isEmpty, search.isCurrent(leaf) else { return nil }
        if let host = demands.hostName, !HostName.matches(host, leaf) { return nil }
        return leaf.encoded.elementsEqual(root.encoded) ? [leaf] : try search.extend([leaf])
    }

    private init(root: Certificate, intermediates: [Certificate], demands: Demands, context: BuiltinContext) {
        self.root = root
        self.intermediates = intermediates
        self.demands = demands
        self.context = context
    }

    private func isCurrent(_ certificate: Certificate) -> Bool {
        demands.seconds >= certificate.notBefore.seconds && demands.seconds <= certificate.notAfter.seconds
    }

    private mutating func extend(_ chain: [Certificate]) throws(BuiltinFailure) -> [Certificate]? {
        guard let last = chain.last else { return nil }
        if try isIssuer(root, of: last, in: chain, isRoot: true), isGoodForPurpose(chain + [root]) {
            return chain + [root]
        }
        for candidate in intermediates {
            if chain.contains(where: { $0.encoded.elementsEqual(candidate.encoded) }) { continue }
            guard try isIssuer(candidate, of: last, in: chain, isRoot: false) else { continue }
            if let found = try extend(chain + [candidate]) { return found }
        }
        return nil
    }

    private mutating func isIssuer(
        _ issuer: Certificate, of certificate: Certificate, in chain: [Certificate], isRoot: Bool
    ) throws(BuiltinFailure) -> Bool {
        let extensions = issuer.extensions
        guard certificate.issuer.encoded.elementsEqual(issuer.subject.encoded), isCurrent(issuer),
            extensions.unhandled.isEmpty
        else { return false }
        if !isRoot, !extensions.hasBasicConstraints || !extensions.isAuthority { return false }
        if issuer.version == 3, !extensions.hasBasicConstraints { return false }
        if extensions.hasBasicConstraints, !extensions.isAuthority { return false }
        if extensions.keyUsage != 0, extensions.keyUsage & Self.certificateSigning == 0 { return false }
        if extensions.hasBasicConstraints, extensions.pathLength >= 0,
            Int64(chain.count &- 1) > extensions.pathLength
        {
            return false
        }
        if let leaf = chain.first, leaf.extensions.hasNames, !extensions.constraints.allow(leaf.extensions.names) {
            return false
        }
        signatureCount &+= 1
        guard signatureCount <= Self.signatureLimit else { return false }
        try context.charge(VerificationKey.cost)
        return certificate.signatureAlgorithm.isValid(
            certificate.signature, over: certificate.signedPart, issuer.publicKey.key)
    }

    /// Whether every certificate of the chain that is limited to purposes allows one of those demanded.
    private func isGoodForPurpose(_ chain: [Certificate]) -> Bool {
        var purposes = demands.purposes.isEmpty ? [Self.serverPurpose] : demands.purposes
        if purposes.contains(Self.anyPurpose) { return true }
        for certificate in chain {
            let extensions = certificate.extensions
            if extensions.extendedKeyUsages.isEmpty, extensions.unknownKeyUsages.isEmpty { continue }
            if extensions.extendedKeyUsages.contains(Self.anyPurpose) { continue }
            purposes.removeAll { !extensions.extendedKeyUsages.contains($0) }
            if purposes.isEmpty { return false }
        }
        return true
    }
}

/// Whether a certificate is for a host (RFC 6125).
enum HostName {
    /// Whether one of the certificate's alternative names is the host, or the address if it is one.
    static func matches(_ host: [UInt8], _ certificate: Certificate) -> Bool {
        let names = certificate.extensions.names
        var text = host[...]
        if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") { text = text.dropFirst().dropLast() }
        let canonical = String(decoding: text, as: UTF8.self).lowercased()
        if names.addresses.contains(where: { CertificateText.address($0) == canonical }) { return true }
        let labels = self.labels(host)
        guard !labels.isEmpty else { return false }
        return names.dnsNames.contains { isMatch(self.labels($0), labels) }
    }

    private static func labels(_ name: [UInt8]) -> [[UInt8]] {
        var name = name[...]
        if name.last == UInt8(ascii: ".") { name.removeLast() }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        if labels.contains(where: { $0.isEmpty }) { return [] }
        return labels.map { $0.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 } }
    }

    private static func isMatch(_ pattern: [[UInt8]], _ host: [[UInt8]]) -> Bool {
        guard pattern.count == host.count else { return false }
        for (position, label) in pattern.enumerated() {
            if position == 0, label == [UInt8(ascii: "*")], pattern.count > 1 { continue }
            if label != host[position] { return false }
        }
        return true
    }
}
