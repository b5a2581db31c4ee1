// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import IdentityPlane
internal import Logging
internal import NIOSSL
internal import PKI
internal import Protocols
internal import Resolver
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// The security events of a gate: whose count, and who is told of its own.
final class GateSignals: Sendable {
    /// How the origin begins of what another party asked for.
    static let origin = "signal "

    /// Whose events count.
    let receivers: [SignalReceiver]
    /// Tells others; `nil` where nobody is told.
    let transmitter: SignalTransmitter?
    /// What was taken already.
    let memory: SignalMemory
    /// The listener's certificate; `nil` in the clear.
    let tls: TLSConfiguration?

    /// Makes what the configuration asks for.
    ///
    /// - Parameter listeners: Where the gate itself listens at present.
    /// - Returns: `nil` when it asks for nothing.
    /// - Throws: ``GatewayError`` when a secret or a key cannot be used, or what was taken is forgotten.
    init?(
        _ configuration: GateConfiguration, names: any NameResolver, tokens: GateTokenService?, database: StateDatabase,
        clock: Clock, logger: Logger, listeners: @escaping @Sendable () -> [(IPAddress, UInt16)]
    ) throws(GatewayError) {
        guard let signals = configuration.signals else { return nil }
        let material = try Material(configuration)
        tls = material.tls
        do {
            receivers = try zip(signals.receivers, material.receivers).map { receiver, material in
                try SignalReceiver(receiver, material, names: names, listeners: listeners)
            }
            memory = try SignalMemory(database, now: clock.wall() / 1_000_000)
            transmitter = try tokens.flatMap { tokens in
                try SignalTransmitter(
                    signals.streams, material.streams, tokens: tokens, database: database, names: names, clock: clock,
                    logger: logger, listeners: listeners)
            }
        } catch {
            throw GatewayError(["signals: \(error)"], isConfiguration: true)
        }
        if transmitter != nil { tokens?.publishSignals() }
    }

    /// The receiver of a path.
    func receiver(at path: String) -> SignalReceiver? {
        receivers.first { $0.path.map { $0.utf8.elementsEqual(path.utf8) } ?? false }
    }
}

extension GateSignals {
    /// What the configuration refers to: secrets, keys, certificates.
    struct Material {
        /// What one receiver needs.
        struct Receiver {
            /// The bearer token that is shown to the gate, or that the gate shows.
            var credential: [UInt8]
            /// The keys of a file.
            var keys: VerificationKeys?
            /// The authorities of certificates.
            var authority: [UInt8]?
        }

        /// What one stream needs.
        struct Stream {
            var credential: [UInt8]
            var authority: [UInt8]?
        }

        var receivers: [Receiver] = []
        var streams: [Stream] = []
        var tls: TLSConfiguration?

        /// Reads all of it.
        ///
        /// - Throws: ``GatewayError`` that names everything that cannot be used.
        init(_ configuration: GateConfiguration) throws(GatewayError) {
            guard let signals = configuration.signals else { return }
            var problems: [String] = []
            for receiver in signals.receivers {
                do {
                    receivers.append(try Self.material(of: receiver))
                } catch {
                    problems.append("signals.receivers.\(receiver.name): \(error)")
                }
            }
            if !signals.streams.isEmpty, configuration.identity.endpoints == nil {
                problems.append("signals.transmitter: identity.endpoints is missing: there are the keys that sign")
            }
            for stream in signals.streams {
                do {
                    streams.append(
                        Stream(
                            credential: try Self.credential(stream.credential),
                            authority: try stream.authority.map { try SecretReader.read($0) }))
                } catch {
                    problems.append("signals.transmitter.\(stream.name): \(error)")
                }
            }
            do {
                tls = try signals.tls.map { tls in
                    try TLSContextFactory.pages(
                        certificate: try SecretReader.read(tls.certificate), key: try SecretReader.read(tls.key))
                }
            } catch {
                problems.append("signals.tls: \(error)")
            }
            guard problems.isEmpty else { throw GatewayError(problems, isConfiguration: true) }
        }

        private static func material(of receiver: SignalReceiverConfiguration) throws -> Receiver {
            let reference: SecretReference =
                switch receiver.delivery {
                case .push(_, let credential): credential
                case .poll(let poll): poll.credential
                }
            var material = Receiver(credential: try credential(reference))
            material.authority = try receiver.authority.map { try SecretReader.read($0) }
            if case .file(let path) = receiver.keys {
                let set = try JSONWebKeySet(parsing: try SmallFile.read(path, limit: JSONWebKeySet.limits.bytes))
                let keys = VerificationKeys(set)
                guard set.keys.contains(where: { $0.keyID.flatMap { keys[$0] } != nil }) else {
                    throw Unusable(description: "keys: the set has no key with a kid that can verify")
                }
                material.keys = keys
            }
            return material
        }

        /// A bearer token: guessing has to be hopeless, and it goes into a field.
        private static func credential(_ reference: SecretReference) throws -> [UInt8] {
            let secret = try SecretReader.read(reference)
            guard (16...4096).contains(secret.count), secret.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw Unusable(description: "a credential has 16 to 4096 visible characters")
            }
            return secret
        }

        private struct Unusable: Error, CustomStringConvertible {
            let description: String
        }
    }
}

extension GateTokenService {
    /// Publishes who sends events, and where the keys are that sign them.
    fileprivate func publishSignals() {
        service.publish(
            [
                "spec_version": "1_0", "issuer": .string(service.issuer), "jwks_uri": .string(service.keysURL),
                "delivery_methods_supported": ["urn:ietf:rfc:8935"], "default_subjects": "ALL",
            ], at: SignalIssuer.metadataPath)
    }
}

/// Where the gate says that it sends events.
enum SignalIssuer {
    static let metadataPath = "/.well-known/ssf-configuration"
    static let keysPath = "/.well-known/jwks.json"
}
