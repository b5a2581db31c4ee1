// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Transport

/// Who is at the other end of a client's connection; shared by the exchanges on it. Used on the connection's loop only.
final class ServiceCaller {
    let caller: Caller
    private var certificate: ClientCertificate?

    init(_ caller: Caller) {
        self.caller = caller
        if case .certificate(let certificate) = caller.fixed { self.certificate = certificate }
    }

    /// Whether the connection rests on a certificate.
    var hasCertificate: Bool { certificate != nil }
    /// Whether the certificate stopped standing: nothing on the connection may go on.
    var isLost: Bool { certificate?.isLost ?? false }
    /// Whether a token in `Authorization` says who is asking, where nothing stronger does.
    var acceptsTokens: Bool { caller.identification.contains(.token) }

    /// Looks at the certificate.
    func check(at time: Int64) { _ = certificate?.identity(at: time) }

    /// SHA-256 of the certificate, as long as it stands.
    func thumbprint(at time: Int64) -> [UInt8]? {
        certificate?.thumbprint(at: time)
    }

    /// Who is asking as the connection itself proves it.
    func connectionIdentity(in directory: AgentDirectory, at time: Int64) -> VerifiedIdentity? {
        guard !caller.fixed.isAbsent else { return nil }
        return caller.identity(in: directory, certificate: certificate?.standing(at: time))
    }

    /// Who is asking: the strongest evidence that the listener accepts and that gives an answer.
    ///
    /// - Parameters:
    ///   - credentials: What stands in `Authorization`.
    ///   - time: Unix seconds.
    func identity(
        _ credentials: BearerCredentials, in directory: AgentDirectory, at time: Int64
    ) -> Result<VerifiedIdentity?, Failure> {
        if let identity = connectionIdentity(in: directory, at: time) { return .success(identity) }
        if acceptsTokens {
            switch credentials {
            case .token(let digest):
                guard let identity = directory.identify(tokenDigest: digest) else { return .failure(.unknownToken) }
                return .success(caller.established(identity))
            case .malformed: return .failure(.malformedToken)
            case .absent: break
            }
        }
        if let identity = caller.sourceIdentity(in: directory) { return .success(identity) }
        if acceptsTokens, caller.fixed.leavesRoomForToken { return .failure(.missingToken) }
        return .success(nil)
    }

    /// Why nobody could be identified by a token.
    enum Failure: Error {
        /// There is none.
        case missingToken
        /// It is of no form that is read.
        case malformedToken
        /// It belongs to no agent.
        case unknownToken
    }
}
