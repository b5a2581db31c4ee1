// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

@Suite struct PeopleSecretTests {
    private var generator = SystemRandomNumberGenerator()

    @Test("a secret has one spelling and one kind", arguments: PeopleSecret.Kind.allCases)
    mutating func kinds(_ kind: PeopleSecret.Kind) throws {
        let secret = PeopleSecret(kind, using: &generator)
        #expect(PeopleSecret(kind, secret.secret) == secret)
        for other in PeopleSecret.Kind.allCases where other != kind {
            #expect(PeopleSecret(other, secret.secret) == nil)
            let body = secret.secret.dropFirst(3)
            #expect(PeopleSecret(other, other.rawValue + body)?.digest != secret.digest)
        }
        for spoiled in [secret.secret + "=", " " + secret.secret, String(secret.secret.dropLast()), ""] {
            #expect(PeopleSecret(kind, spoiled) == nil)
        }
        var text = "\(secret)"
        dump(secret, to: &text)
        #expect(!text.contains(secret.secret))
    }

    @Test("a user code is read as people type it, and shown in one form")
    mutating func userCodes() throws {
        let code = UserCode(using: &generator)
        #expect(code.text.utf8.count == 9)
        #expect(UserCode(typed: code.text) == code)
        #expect(UserCode(typed: " " + code.text.lowercased().replacing("-", with: "") + " ") == code)
        for text in ["", "BCDF-BCD", "BCDF-BCDFG", "AEIO-UYAE", "BCDF-BCD1", "BCDF_BCDF", "\u{ff22}CDF-BCDF"] {
            #expect(UserCode(typed: text) == nil)
        }
        #expect(!"\(code)".contains(code.text))
    }
}
