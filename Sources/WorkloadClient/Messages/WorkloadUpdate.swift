// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import NIOCore
internal import Protobufs
internal import SwiftProtobuf

/// What one message of the agent says, after every part of it was judged. It is the whole state: what is missing was
/// withdrawn.
enum WorkloadUpdate: Sendable {
    /// The identities, the default one first, and the bundles that came with them.
    case identities([X509SVID], BundleMap<X509Bundle>)
    /// The bundles for X509-SVIDs.
    case x509Bundles(BundleMap<X509Bundle>)
    /// The bundles for JWT-SVIDs.
    case jwtBundles(BundleMap<JWTBundle>)

    /// What was left out of the message, and why.
    var leftOut: [MessageError] {
        switch self {
        case .identities(_, let bundles), .x509Bundles(let bundles): bundles.leftOut
        case .jwtBundles(let bundles): bundles.leftOut
        }
    }
}

/// Reads messages. What it refuses changes nothing of what was known before.
struct WorkloadMessageReader: Sendable {
    let limits: WorkloadClientLimits
    /// Where the default identity must be from.
    let trustDomain: TrustDomain?
    /// The trust domains of the present identities.
    let own: Set<TrustDomain>
    /// Unix seconds.
    let now: Int64

    static let longestHint = 1024

    /// Reads a message of a stream.
    func read(_ bytes: ByteBuffer, of method: WorkloadMethod) throws(MessageError) -> WorkloadUpdate {
        switch method {
        case .fetchX509SVID: return try identities(Self.decode(bytes))
        case .fetchX509Bundles:
            let response: WorkloadX509BundlesResponse = try Self.decode(bytes)
            return .x509Bundles(try x509Bundles(response.bundles.map { ($0.key, Array($0.value)) }, own: own))
        case .fetchJWTBundles:
            let response: WorkloadJWTBundlesResponse = try Self.decode(bytes)
            return .jwtBundles(
                try BundleMap(
                    response.bundles.map { ($0.key, Array($0.value)) }, own: own, atMost: limits.trustDomains,
                    read: jwtBundle))
        case .fetchJWTSVID: throw .unreadable
        }
    }

    /// Reads a message; what it does not know is skipped, and not kept.
    static func decode<Response: Message>(_ bytes: ByteBuffer) throws(MessageError) -> Response {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = 32
        do {
            return try Response(serializedBytes: Array(bytes.readableBytesView), options: options)
        } catch {
            throw .unreadable
        }
    }

    // MARK: Identities

    private func identities(_ response: WorkloadX509SVIDResponse) throws(MessageError) -> WorkloadUpdate {
        guard !response.svids.isEmpty else { throw .missing("svids") }
        guard response.svids.count <= limits.identities else { throw .tooManyIdentities }
        var svids: [X509SVID] = []
        var own: [TrustDomain: X509Bundle] = [:]
        var hints: Set<[UInt8]> = []
        for message in response.svids {
            let (svid, bundle) = try identity(message)
            guard own.updateValue(bundle, forKey: bundle.trustDomain).map({ $0 == bundle }) ?? true else {
                throw .twoBundles(bundle.trustDomain)
            }
            // Of several with the same hint the first one counts.
            guard svid.hint.isEmpty || hints.insert(Array(svid.hint.utf8)).inserted else { continue }
            svids.append(svid)
        }
        if let trustDomain, let found = svids.first?.id.trustDomain, found != trustDomain {
            throw .trustDomain(found)
        }
        let federated = response.federatedBundles.map { (name: $0.key, bytes: Array($0.value)) }
        var bundles = try x509Bundles(federated, own: Set(own.keys))
        for (domain, bundle) in own { try bundles.add(bundle, of: domain) }
        return .identities(svids, bundles)
    }

    private func identity(_ message: WorkloadX509SVID) throws(MessageError) -> (X509SVID, X509Bundle) {
        guard !message.spiffeID.isEmpty else { throw .missing("spiffe_id") }
        guard !message.x509Svid.isEmpty else { throw .missing("x509_svid") }
        guard !message.x509SvidKey.isEmpty else { throw .missing("x509_svid_key") }
        guard !message.bundle.isEmpty else { throw .missing("bundle") }
        guard message.hint.utf8.count <= Self.longestHint else { throw .hint }
        let id: SPIFFEID
        do throws(SPIFFEIDError) {
            id = try SPIFFEID(parsing: message.spiffeID)
        } catch {
            throw .id(error)
        }
        let bundle = try x509Bundle(id.trustDomain, Array(message.bundle))
        do throws(X509SVIDError) {
            let svid = try X509SVID(
                certificates: Array(message.x509Svid), pkcs8: Array(message.x509SvidKey), hint: message.hint)
            try verify(svid, bundle)
            if svid.id == id { return (svid, bundle) }
        } catch {
            throw .svid(id, error)
        }
        throw .otherIdentity(id)
    }

    /// The gate presents an identity both as a client and as a server.
    private func verify(_ svid: X509SVID, _ bundle: X509Bundle) throws(X509SVIDError) {
        let tokens = JWTBundle(trustDomain: bundle.trustDomain, authorities: [])
        let bundles = TrustBundles([TrustBundle(x509: bundle, jwt: tokens)].compactMap(\.self), version: 0)
        for purpose in CertificatePurpose.allCases {
            _ = try X509SVIDVerifier.verify(svid.chain.map(\.der), bundles: bundles, purpose: purpose, now: now)
        }
    }

    // MARK: Bundles

    private func x509Bundles(
        _ entries: [(name: String, bytes: [UInt8])], own: Set<TrustDomain>
    ) throws(MessageError) -> BundleMap<X509Bundle> {
        try BundleMap(entries, own: own, atMost: limits.trustDomains, read: x509Bundle)
    }

    private func x509Bundle(_ domain: TrustDomain, _ der: [UInt8]) throws(MessageError) -> X509Bundle {
        do throws(CertificateError) {
            let authorities = try EncodedCertificate.sequence(der: der, atMost: limits.certificates)
            return X509Bundle(trustDomain: domain, authorities: authorities)
        } catch {
            throw .bundle(domain, "\(error)")
        }
    }

    private func jwtBundle(_ domain: TrustDomain, _ bytes: [UInt8]) throws(MessageError) -> JWTBundle {
        do throws(KeySetError) {
            return try JWTBundle(parsing: bytes, trustDomain: domain)
        } catch {
            throw .bundle(domain, "\(error)")
        }
    }
}
