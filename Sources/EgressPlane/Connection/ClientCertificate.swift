// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import NIOCore
import NIOSSL
import SwiftASN1
import X509

/// Who a TLS client proved to be, read once from its verified certificate.
struct ClientCertificate: Sendable {
    /// The one URI subject alternative name.
    let id: SPIFFEID
    /// Unix seconds between which the certificate holds; the end is not included.
    let validity: Range<Int64>

    /// Reads the certificate of a connection whose handshake is over and verified the chain.
    ///
    /// Source: SPIFFE X509-SVID, section 2: exactly one URI SAN.
    ///
    /// - Returns: `nil` when there is no certificate or it is no SVID.
    init?(of channel: any Channel) {
        guard let handler = try? channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let peer = handler.peerCertificate, let bytes = try? peer.toDERBytes(),
            let certificate = try? Certificate(derEncoded: bytes),
            let names = try? certificate.extensions.subjectAlternativeNames
        else { return nil }
        let uris = names.compactMap { name -> String? in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
        let notBefore = Int64(peer.notValidBefore)
        let notAfter = Int64(peer.notValidAfter)
        guard uris.count == 1, let uri = uris.first, let id = try? SPIFFEID(parsing: uri), notBefore <= notAfter else {
            return nil
        }
        self.id = id
        validity = notBefore..<notAfter
    }

    /// The SPIFFE ID while the certificate is valid. A resumed session is not verified again by the library, so the dates
    /// are looked at for each request.
    ///
    /// - Parameter now: Unix seconds.
    func identity(at now: Int64) -> SPIFFEID? { validity.contains(now) ? id : nil }
}
