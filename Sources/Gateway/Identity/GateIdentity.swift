// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Authority
internal import Identity
internal import Logging
internal import Telemetry
internal import Transport
internal import WorkloadClient
internal import YettConfiguration

/// Who the gate is, and in whose name it gives identities to others.
struct GateIdentity: Sendable {
    /// Where the gate's own identity and the trust bundles come from.
    let source: any IdentitySource
    /// The authority in the gate; `nil` when a SPIRE agent issues identities.
    let authority: Authority?
    /// Keeps the identity up to date until its task is cancelled.
    let keep: @Sendable () async -> Void

    /// Opens the authority that the configuration names.
    ///
    /// - Returns: `nil` when the configuration names no source of identities.
    /// - Throws: ``GatewayError``.
    init?(_ configuration: GateConfiguration, clock: Clock, logger: Logger) async throws(GatewayError) {
        switch configuration.identity.source {
        case .none: return nil
        case .workloadAPI(let socket):
            let source = WorkloadAPISource(
                socket: socket, trustDomain: configuration.trustDomain, now: { clock.wall() / 1_000_000 })
            self.source = source
            authority = nil
            keep = {
                await source.run { trouble in
                    logger.warning(
                        "the identity issuer cannot be used at present",
                        metadata: [LogField.error: .string("\(trouble)")])
                }
            }
        case .embedded:
            do throws(AuthorityError) {
                let authority = try Authority(
                    try AuthorityConfiguration(configuration), clock: AuthorityClock(clock))
                try await authority.setConfigured(configuration.identity.entries)
                let source = try EmbeddedIdentitySource(authority, dnsNames: configuration.identity.dnsNames)
                self.source = source
                self.authority = authority
                keep = {
                    await source.run(every: .seconds(1)) { error in
                        logger.error(
                            "an identity could not be kept up to date; it is tried again",
                            metadata: [LogField.error: .string("\(error)")])
                    }
                }
            } catch {
                throw GatewayError(["identity: \(error)"])
            }
        }
    }
}

extension AuthorityClock {
    /// The gate's clock in seconds.
    init(_ clock: Clock) {
        self.init(wall: { clock.wall() / 1_000_000 }, monotonic: { clock.monotonic() / 1_000_000_000 })
    }
}

extension AuthorityConfiguration {
    /// What `identity` says.
    ///
    /// - Throws: `AuthorityError.sealed` when the file with the sealing secret cannot be named.
    init(_ configuration: GateConfiguration) throws(AuthorityError) {
        let identity = configuration.identity
        let sealing: SealingKey
        do throws(SecretReader.Fault) {
            sealing =
                switch identity.sealing {
                case nil: .besideState
                case .key(let reference): .file(try SecretReader.path(of: reference))
                case .passphrase(let reference): .passphrase(file: try SecretReader.path(of: reference))
                }
        } catch {
            throw .sealed(error.description)
        }
        self.init(trustDomain: configuration.trustDomain, directory: identity.directory, sealing: sealing)
        x509Lifetime = identity.x509Lifetime.components.seconds
        jwtLifetime = identity.jwtLifetime.components.seconds
        intermediateLifetime = identity.intermediateLifetime.components.seconds
        roots = KeySchedule(lifetime: identity.rootLifetime.components.seconds)
        jwtKeys = KeySchedule(lifetime: identity.jwtKeyLifetime.components.seconds)
        refreshHint = identity.refreshHint.components.seconds
    }
}
