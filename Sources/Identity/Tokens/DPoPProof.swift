// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import Protocols

/// A proof of possession that was verified (RFC 9449).
///
/// Whether it was seen before is the caller's to know: remember ``keyThumbprint`` and ``tokenID`` together until the proof
/// is too old to be accepted, and refuse, rather than forget, when there is no room.
public struct DPoPProof: Sendable, Hashable {
    /// The thumbprint of the key (RFC 7638), as `cnf.jkt` has it.
    public let keyThumbprint: String
    /// `jti`.
    public let tokenID: String
    /// `iat` in Unix seconds.
    public let issuedAt: Int64

    /// Seconds for which a proof is good.
    public static let window: Int64 = 30
    private static let type = "dpop+jwt"
    private static let maximumTokenID = 128
    private static let limits = JWSLimits(bytes: 8 * 1024, headerBytes: 4 * 1024)

    /// Verifies a proof that came with a request.
    ///
    /// - Parameters:
    ///   - method: of the request, as it was sent.
    ///   - target: the request's URI as the server knows it; query and fragment play no part.
    ///   - accessToken: the token beside it, when there is one.
    ///   - nonces: what the server asked for; empty when it asks for none.
    ///   - now: Unix seconds.
    ///   - leeway: seconds by which clocks may differ, 0 to 60.
    /// - Throws: ``DPoPError``.
    public static func verify(
        _ proof: [UInt8], method: String, target: String, accessToken: [UInt8]? = nil, nonces: [String] = [],
        now: Int64, leeway: Int64 = 5
    ) throws(DPoPError) -> DPoPProof {
        let thumbprint: String
        let verified: VerifiedJWS
        do throws(JWSError) {
            (verified, thumbprint) = try open(proof)
        } catch {
            throw .token(error)
        }
        do throws(ClaimsError) {
            let claims = try TokenClaims(parsing: verified.payload)
            try judge(claims, method: method, target: target, accessToken: accessToken, nonces: nonces)
            let issuedAt = try claims.time("iat")
            let leeway = min(max(leeway, 0), 60)
            guard issuedAt <= now &+ leeway else { throw ClaimsError.notYetValid }
            guard now < issuedAt &+ window &+ leeway else { throw ClaimsError.expired }
            let tokenID = try claims.text("jti")
            guard tokenID.utf8.count <= maximumTokenID else { throw ClaimsError.malformed("jti") }
            return DPoPProof(keyThumbprint: thumbprint, tokenID: tokenID, issuedAt: issuedAt)
        } catch {
            if error == .mismatch("nonce") || error == .missing("nonce") { throw .nonce }
            throw .claims(error)
        }
    }

    /// Verifies the signature with the key in the header: here, and only here, a token brings its key along.
    private static func open(_ proof: [UInt8]) throws(JWSError) -> (VerifiedJWS, String) {
        let jws = try CompactJWS(parsing: proof, limits: limits)
        guard jws.header.isType(type) else { throw .type }
        guard let value = jws.header.members["jwk"], let jsonWebKey = try? JSONWebKey(value),
            let key = try? VerificationKey(jsonWebKey)
        else { throw .header }
        return (try jws.verified(with: key), jsonWebKey.thumbprint)
    }

    private static func judge(
        _ claims: TokenClaims, method: String, target: String, accessToken: [UInt8]?, nonces: [String]
    ) throws(ClaimsError) {
        guard try claims.text("htm").isExactly(method) else { throw .mismatch("htm") }
        guard let claimed = HTTPTarget(try claims.text("htu")), let actual = HTTPTarget(target), claimed == actual
        else {
            throw .mismatch("htu")
        }
        if let accessToken {
            let hash = StrictBase64.url.text(Array(SHA256.hash(data: accessToken)))
            guard try claims.text("ath").isExactly(hash) else { throw .mismatch("ath") }
        }
        if !nonces.isEmpty {
            let nonce = try claims.text("nonce")
            guard nonces.contains(where: { $0.isExactly(nonce) }) else { throw .mismatch("nonce") }
        }
    }
}

/// Why a proof is refused.
public enum DPoPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no proof, or its signature is wrong.
    case token(JWSError)
    /// A claim is missing, malformed or does not fit.
    case claims(ClaimsError)
    /// The nonce is missing or not one that the server gave; the answer is `use_dpop_nonce`.
    case nonce

    /// What is wrong; nothing of the proof.
    public var description: String {
        switch self {
        case .token(let error): "\(error)"
        case .claims(let error): "\(error)"
        case .nonce: "the proof has no nonce that the server gave"
        }
    }
}

/// An HTTP URI without query and fragment, in the form in which two of them compare (RFC 9449 section 4.3, RFC 3986
/// section 6.2).
struct HTTPTarget: Equatable {
    private let scheme: [UInt8]
    private let authority: [UInt8]
    private let path: [UInt8]

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 8192, bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        scheme = bytes[..<colon].map(Self.lowercased)
        let isSecure = scheme.elementsEqual("https".utf8)
        guard isSecure || scheme.elementsEqual("http".utf8) else { return nil }
        let rest = bytes[(colon &+ 1)...]
        guard rest.starts(with: "//".utf8) else { return nil }
        let ends: [UInt8] = [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")]
        let host = rest.dropFirst(2).prefix { !ends.contains($0) }
        guard !host.isEmpty, !host.contains(UInt8(ascii: "@")) else { return nil }
        var authority = host.map(Self.lowercased)
        let defaultPort = Array((isSecure ? ":443" : ":80").utf8)
        if authority.suffix(defaultPort.count).elementsEqual(defaultPort) { authority.removeLast(defaultPort.count) }
        guard !authority.isEmpty else { return nil }
        self.authority = authority
        let path = rest.dropFirst(2 &+ host.count).prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        self.path = path.isEmpty ? [UInt8(ascii: "/")] : Array(path)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
