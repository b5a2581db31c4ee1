// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
package import Identity

/// What a connection itself tells about who is asking, before any request is read.
package struct Caller: Sendable {
    /// Where the connection came from.
    package let source: Source
    /// How the listener learns who is asking.
    package let identification: ListenerSpecification.Identification
    /// What clients may speak on the listener.
    package let protocols: ListenerSpecification.Protocols
    /// An identity that the socket itself carries: a launch, or a process's credentials.
    package let fixed: Evidence
    /// Whether TLS stands before everything else.
    package let isEncrypted: Bool
    /// When the connection was accepted, in microseconds since 1970.
    package let establishedAt: Int64
    /// The task that everything on the connection belongs to.
    package var task: TaskContext?
    /// The server that the client brought along.
    package var attached: AttachedServer?

    /// Collects what is known of a connection.
    package init(
        source: Source, identification: ListenerSpecification.Identification,
        protocols: ListenerSpecification.Protocols, fixed: Evidence, isEncrypted: Bool = false, establishedAt: Int64,
        task: TaskContext? = nil, attached: AttachedServer? = nil
    ) {
        self.attached = attached
        self.source = source
        self.identification = identification
        self.protocols = protocols
        self.fixed = fixed
        self.isEncrypted = isEncrypted
        self.establishedAt = establishedAt
        self.task = task
    }

    /// Evidence that is looked up again for each request, so that a reload counts at once.
    package enum Evidence: Sendable {
        /// Only what the request itself brings.
        case none
        /// The socket was made for one launch of an agent.
        case launched(VerifiedIdentity)
        /// A local process.
        case process(ProcessCredentials)
        /// A TLS client; its certificate, if any, is verified once the handshake is over.
        case certificate(ClientCertificate)
    }

    /// What the evidence that came with the connection amounts to under `directory`.
    ///
    /// - Parameters:
    ///   - certificate: What the client's certificate says.
    package func identity(
        in directory: AgentDirectory, certificate: ClientCertificate.Standing?
    ) -> VerifiedIdentity? {
        switch fixed {
        case .launched(let identity):
            return directory.stillHolds(identity) ? identity : nil
        case .process(let credentials):
            return identification.contains(.process) ? directory.identify(process: credentials).map(established) : nil
        case .certificate:
            guard identification.contains(.certificate) else { return nil }
            guard let certificate else { return nil }
            return directory.identify(certificate: certificate.id).map {
                established($0.resting(on: certificate.basis))
            }
        case .none:
            return nil
        }
    }

    /// The agent whose networks the caller's address lies in, where the listener accepts that.
    package func sourceIdentity(in directory: AgentDirectory) -> VerifiedIdentity? {
        guard identification.contains(.source), case .tcp(let address, _) = source else { return nil }
        return directory.identify(source: address).map(established)
    }

    /// An identity whose proof is no older than the connection that it was given on: what was shown on a connection that
    /// is older than a revocation counts no more.
    package func established(_ identity: VerifiedIdentity) -> VerifiedIdentity {
        identity.resting(on: ProofBasis(since: establishedAt))
    }
}

extension Caller.Evidence {
    /// Whether the connection itself brings no evidence.
    package var isAbsent: Bool {
        if case .none = self { true } else { false }
    }

    /// Whether the connection is one over a network, where who says nothing else may show a token.
    package var leavesRoomForToken: Bool {
        switch self {
        case .none, .certificate: true
        case .launched, .process: false
        }
    }
}
