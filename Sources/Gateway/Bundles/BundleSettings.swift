// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOSSL
internal import PKI
internal import PolicyBundle
internal import YettConfiguration

/// What the configuration says of one bundle, with the keys and certificates read.
struct BundleSettings: Sendable {
    /// What the configuration says.
    let configuration: BundleConfiguration
    /// Reads and verifies it.
    let reader: BundleReader
    /// TLS to its server.
    let tls: TLSConfiguration

    /// The name that the operator chose.
    var name: String { configuration.name }

    /// Reads the keys and certificates of a policy.
    ///
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    static func all(of policy: PolicyConfiguration) throws(GatewayError) -> [BundleSettings] {
        var problems: [String] = []
        var keys: [String: BundleVerification.Key] = [:]
        for key in policy.keys {
            do {
                keys[key.name] = try BundleVerification.Key(
                    SecretReader.read(key.key), algorithm: key.algorithm, scope: key.scope)
            } catch {
                problems.append("policy.keys.\(key.name): \(error)")
            }
        }
        var all: [BundleSettings] = []
        for bundle in policy.bundles {
            do {
                let reader = reader(of: bundle, policy, keys)
                all.append(BundleSettings(configuration: bundle, reader: reader, tls: try tls(of: bundle)))
            } catch {
                problems.append("policy.bundles.\(bundle.name).tls: \(error)")
            }
        }
        guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
        return all
    }

    private static func reader(
        of bundle: BundleConfiguration, _ policy: PolicyConfiguration, _ keys: [String: BundleVerification.Key]
    ) -> BundleReader {
        var limits = BundleLimits()
        limits.archiveBytes = policy.limits.bundle
        limits.unpackedBytes = policy.limits.bundleUnpacked
        limits.entries = policy.limits.bundleFiles
        limits.moduleBytes = policy.limits.source
        limits.ratio = policy.limits.bundleRatio
        guard !policy.keys.isEmpty else { return BundleReader(limits: limits) }
        var verification = BundleVerification(
            keys: keys, keyIdentifier: bundle.signing.keyIdentifier, scope: bundle.signing.scope)
        verification.excludedFiles = bundle.signing.excludedFiles
        return BundleReader(limits: limits, verification: verification)
    }

    private static func tls(of bundle: BundleConfiguration) throws -> TLSConfiguration {
        let authorities = try bundle.tls?.authority.map { try SecretReader.read($0) }
        guard let certificate = bundle.tls?.certificate, let key = bundle.tls?.key else {
            return try TLSContextFactory.client(authorities: authorities)
        }
        return try TLSContextFactory.client(
            authorities: authorities,
            identity: (certificate: try SecretReader.read(certificate), key: try SecretReader.read(key)))
    }

    /// How it is downloaded; `nil` for a path.
    var download: DownloadSettings? {
        guard case .url(let url) = configuration.source else { return nil }
        var settings = DownloadSettings(url: url)
        settings.minimumDelay = UInt64(clamping: configuration.polling.minimumDelay.wholeNanoseconds)
        settings.maximumDelay = UInt64(clamping: configuration.polling.maximumDelay.wholeNanoseconds)
        let seconds = Int(configuration.polling.longPolling.components.seconds)
        settings.longPollingSeconds = seconds > 0 ? seconds : nil
        settings.timeoutSeconds = max(1, Int(configuration.polling.timeout.components.seconds))
        return settings
    }
}
