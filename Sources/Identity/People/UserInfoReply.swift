// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// A provider's answer at its userinfo endpoint (OpenID Connect Core 1.0 section 5.3).
public enum UserInfoReply {
    private static let limits = JSONLimits(bytes: 64 * 1024, depth: 16, values: 4096, stringBytes: 8192)

    /// The groups that the provider gives the person now.
    ///
    /// - Throws: ``ProviderError``. An answer about somebody else is none (section 5.3.2).
    public static func groups(
        status: Int, body: [UInt8], of person: PersonIdentifier, provider: OpenIDProvider
    ) throws(ProviderError) -> [String]? {
        guard status == 200 else {
            if status >= 500 || status == 429 { throw .unreachable("it answers with status \(status)") }
            throw .refused(status == 401 || status == 403 ? "invalid_token" : "another reason")
        }
        guard let object = (try? JSONValue(parsing: body, limits: limits))?.object else {
            throw .malformed("userinfo")
        }
        guard object["sub"]?.string?.isExactly(person.subject) == true else { throw .otherPerson }
        do throws(ClaimsError) {
            return try PersonClaims.groups(in: object, claim: provider.groupsClaim)
        } catch {
            throw .malformed("userinfo")
        }
    }
}
