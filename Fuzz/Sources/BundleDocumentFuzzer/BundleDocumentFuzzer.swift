// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import IdentityTokens
import Protocols

/// A bundle document that is read has usable entries only, and what is written of its keys is read the same again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(Input(start, count).bytes)
    if let document = try? BundleDocument(parsing: bytes) {
        let names = document.jwtAuthorities.compactMap(\.keyID)
        expect(names.count == document.jwtAuthorities.count, "each key has a kid")
        expect(Set(names).count == names.count, "each kid stands there once")
        expect(document.refreshHint.map { $0 >= 0 } ?? true, "no time runs backwards")
        var keys: [JSONValue] = []
        for var key in document.jwtAuthorities {
            key.use = "jwt-svid"
            keys.append(key.json)
        }
        let again = try? BundleDocument(["keys": .array(keys)])
        expect(again?.jwtAuthorities == document.jwtAuthorities, "keys that are written are read the same again")
    }
    if let set = try? JSONWebKeySet(parsing: bytes) {
        expect((try? JSONWebKeySet(set.json)) == set, "a set that is written is read the same again")
    }
    return 0
}
