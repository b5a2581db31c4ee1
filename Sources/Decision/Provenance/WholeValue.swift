// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A value as a whole: one address, several in one string, or something else.
enum WholeValue {
    /// What the value is.
    enum Form {
        case link(AddressForm.Link)
        case key([UInt8])
        case opaque([UInt8])
    }

    /// The form of one value.
    static func form(_ text: ArraySlice<UInt8>) -> Form {
        let text = ByteClass.trimmed(text)
        let inner = bracketed(text) ?? text
        if let key = AddressForm.email(inner) ?? AddressForm.account(inner) { return .key(key) }
        if let key = AddressForm.host(inner) { return .key(key) }
        if !inner.contains(where: { ByteClass.endsRun($0) }), let link = AddressForm.link(inner) { return .link(link) }
        return .opaque(AddressForm.opaque(text))
    }

    /// The addresses of a list such as `a@b.org, Carol <c@d.org>`, or the one value.
    static func parts(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        let parts = text.split(omittingEmptySubsequences: true) { ByteClass.endsListPart($0) }
        let areAddresses = parts.allSatisfy { part in
            let part = ByteClass.trimmed(part)
            return AddressForm.email(bracketed(part) ?? part) != nil
        }
        return parts.count > 1 && parts.count <= 256 && areAddresses ? parts : [text]
    }

    /// The address of `Carol <c@d.org>`, when the name before it is none.
    private static func bracketed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard text.last == UInt8(ascii: ">"), let open = text.firstIndex(of: UInt8(ascii: "<")) else { return nil }
        let name = text[..<open]
        let inner = text[(open &+ 1)...].dropLast()
        guard !name.contains(where: { ByteClass.isForbiddenInName($0) }),
            !inner.contains(where: { ByteClass.isForbiddenInBrackets($0) })
        else { return nil }
        return inner
    }
}
