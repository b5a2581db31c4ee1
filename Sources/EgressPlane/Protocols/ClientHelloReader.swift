// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import NIOCore
import Protocols

/// Reads the first bytes of a tunnel until they name the host it was opened for, or do not.
struct ClientHelloReader {
    /// What the bytes so far say.
    enum Verdict {
        /// More bytes are needed.
        case needMore
        /// TLS that names the tunnel's host.
        case matches
        /// Anything else.
        case refused(ReasonCode, String)
    }

    private var parser = ClientHelloParser()

    /// Reads on from the start of the tunnel's bytes.
    mutating func read(_ bytes: ByteBuffer, expecting host: Host, allowsEncrypted: Bool) -> Verdict {
        switch bytes.withUnsafeReadableBytes({ parser.parse($0) }) {
        case .needMore:
            return .needMore
        case .refused(let reason):
            return .refused(reason.code, reason.sentence)
        case .hello(let hello):
            guard let reason = SNIPolicy.judge(hello, expected: host, allowsEncryptedHello: allowsEncrypted) else {
                return .matches
            }
            return .refused(reason.code, reason.sentence)
        }
    }
}

extension TLSRefusalReason {
    /// The reason code of the decision.
    var code: ReasonCode {
        switch self {
        case .notTLS: .tlsNotTLS
        case .malformed, .tooLarge: .tlsMalformed
        case .missingServerName: .tlsServerNameMissing
        case .serverNameMismatch: .tlsServerNameMismatch
        case .encryptedHello: .tlsEncryptedClientHello
        }
    }
}
