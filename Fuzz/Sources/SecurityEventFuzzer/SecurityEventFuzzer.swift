// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import IdentityTokens
import Protocols

/// Takes every signature for valid, so that claims are read whatever the input is.
private struct AnySignature: SignatureVerifier {
    let algorithms = Set(JWSAlgorithm.allCases)

    func isValid(signature: [UInt8], of message: [UInt8], algorithm: JWSAlgorithm) -> Bool { true }
}

private let transmitter: SecurityEventTransmitter? = {
    guard let issuer = ProviderURL("https://a.test"), let domain = try? TrustDomain(parsing: "a.test") else {
        return nil
    }
    return SecurityEventTransmitter(
        issuer: issuer, audience: "b", algorithms: Set(JWSAlgorithm.allCases), trustDomains: [domain],
        hasOpaqueSubjects: true)
}()

/// A token that is read is of its issuer, for its receiver, of a time that counts, and names no more than it may.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(Input(start, count).bytes)
    if let answer = try? SignalPollAnswer(parsing: bytes, maximum: 4) {
        expect(answer.tokens.count <= 4, "no more tokens than asked for")
        expect(Set(answer.tokens.map { Array($0.name.utf8) }).count == answer.tokens.count, "each name stands once")
    }
    if let value = try? JSONValue(parsing: bytes), let subject = try? SubjectIdentifier(value), let transmitter {
        expect(subject.subjects(for: transmitter).count <= 64, "a subject is not everybody")
        _ = try? SubjectIdentifier(subject.json)
    }
    // An input without dots is a payload: it is wrapped, so that claims are reached without knowing base64.
    judge(bytes.contains(UInt8(ascii: ".")) && bytes.first != UInt8(ascii: "{") ? bytes : wrapped(bytes))
    return 0
}

private func wrapped(_ payload: [UInt8]) -> [UInt8] {
    let header = StrictBase64.url.encode(Array(#"{"alg":"ES256","kid":"k","typ":"secevent+jwt"}"#.utf8))
    return header + [UInt8(ascii: ".")] + StrictBase64.url.encode(payload) + [UInt8(ascii: ".")]
}

private func judge(_ token: [UInt8]) {
    guard let transmitter, let (jws, keyID) = try? SecurityEventToken.parse(token) else { return }
    expect(!keyID.isEmpty && jws.header.isType("secevent+jwt"), "a head names its key and its type")
    guard
        let read = try? SecurityEventToken.verify(jws, of: transmitter, key: AnySignature(), now: 1_800_000_000)
    else { return }
    expect((1...8).contains(read.events.count), "there are some events and not many")
    expect(read.issuedAt <= 1_800_000_060 && read.issuedAt > 1_800_000_000 - 86_400, "it is of a time that counts")
    expect(read.tokenID.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "a name is fit for a record")
    for event in read.events {
        expect(read.moment(of: event) <= 1_800_000_060, "nothing is revoked in the future")
        expect(event.name.utf8.count < 64, "a name is short")
    }
}
