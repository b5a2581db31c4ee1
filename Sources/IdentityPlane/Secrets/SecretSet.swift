// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protobufs
internal import SwiftProtobuf
internal import Transport

/// The secrets that a caller may ask for by name, as Envoy wants them. Names and contents are the SPIRE agent's.
struct SecretSet {
    typealias Secret = Envoy_Extensions_TransportSockets_Tls_V3_Secret

    /// The `type_url` of everything here.
    static let typeURL = "type.googleapis.com/" + Secret.protoMessageName

    /// The default identity, whatever its ID.
    private static let defaultIdentity = "default"
    /// The bundle of the own trust domain.
    private static let ownBundle = "ROOTCA"
    /// The bundles of all trust domains, each for its own identities only.
    private static let allBundles = "ALL"

    private let state: IdentityState

    init(_ state: IdentityState) { self.state = state }

    /// The secrets with these names, in their order.
    ///
    /// - Parameter names: None stands for every identity and every bundle under its own name.
    func secrets(named names: [String]) throws(CallStatus) -> [Google_Protobuf_Any] {
        var secrets: [Google_Protobuf_Any] = []
        for name in names.isEmpty ? ownNames : names {
            guard let secret = secret(named: name) else {
                // Which names there are is the caller's to know; what it sent is not repeated.
                throw CallStatus(.invalidArgument, "a resource name is none of the caller's identities or bundles")
            }
            secrets.append(try Self.packed(secret))
        }
        return secrets
    }

    private var ownNames: [String] {
        var seen: Set<String> = []
        let identities = state.svids.map(\.id.description).filter { seen.insert($0).inserted }
        return identities + state.bundles.trustDomains.map(\.bundleKey)
    }

    private func secret(named name: String) -> Secret? {
        var secret = Secret()
        secret.name = name
        if name.isSpelled(Self.defaultIdentity) {
            secret.tlsCertificate = Self.certificate(state.svid)
        } else if name.isSpelled(Self.ownBundle) {
            secret.validationContext = Self.context(state.ownBundle?.x509)
        } else if name.isSpelled(Self.allBundles) {
            guard let context = try? allContexts() else { return nil }
            secret.validationContext = context
        } else if let svid = state.svids.first(where: { name.isSpelled($0.id.description) }) {
            secret.tlsCertificate = Self.certificate(svid)
        } else if let domain = state.bundles.trustDomains.first(where: { name.isSpelled($0.bundleKey) }) {
            secret.validationContext = Self.context(state.bundles[domain]?.x509)
        } else {
            return nil
        }
        return secret
    }

    private static func certificate(_ svid: X509SVID) -> Envoy_Extensions_TransportSockets_Tls_V3_TlsCertificate {
        var certificate = Envoy_Extensions_TransportSockets_Tls_V3_TlsCertificate()
        certificate.certificateChain.inlineBytes = .init(PEMText.certificates(svid.chain))
        certificate.privateKey.inlineBytes = .init(PEMText.privateKey(svid.key))
        return certificate
    }

    private static func context(
        _ bundle: X509Bundle?
    ) -> Envoy_Extensions_TransportSockets_Tls_V3_CertificateValidationContext {
        var context = Envoy_Extensions_TransportSockets_Tls_V3_CertificateValidationContext()
        context.trustedCa.inlineBytes = .init(PEMText.certificates(bundle?.authorities ?? []))
        return context
    }

    private func allContexts() throws -> Envoy_Extensions_TransportSockets_Tls_V3_CertificateValidationContext {
        var validator = Envoy_Extensions_TransportSockets_Tls_V3_SPIFFECertValidatorConfig()
        validator.trustDomains = state.bundles.trustDomains.compactMap { domain in
            // Envoy takes no domain without certificates, and refuses the identities of one that is missing.
            guard let bundle = state.bundles[domain]?.x509, !bundle.authorities.isEmpty else { return nil }
            var entry = Envoy_Extensions_TransportSockets_Tls_V3_SPIFFECertValidatorConfig.TrustDomain()
            entry.name = domain.name
            entry.trustBundle.inlineBytes = .init(PEMText.certificates(bundle.authorities))
            return entry
        }
        var context = Envoy_Extensions_TransportSockets_Tls_V3_CertificateValidationContext()
        context.customValidatorConfig.name = "envoy.tls.cert_validator.spiffe"
        context.customValidatorConfig.typedConfig = try Google_Protobuf_Any(message: validator)
        return context
    }

    private static func packed(_ secret: Secret) throws(CallStatus) -> Google_Protobuf_Any {
        do {
            return try Google_Protobuf_Any(message: secret)
        } catch {
            throw CallStatus(.internalError, "a secret cannot be written")
        }
    }
}
