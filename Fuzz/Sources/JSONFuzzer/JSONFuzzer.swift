// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// What is read is written so that it is read the same again, and the canonical form is its own canonical form.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    guard let value = try? JSONValue(parsing: input.bytes) else { return 0 }
    expect((try? JSONValue(parsing: value.bytes)) == value, "what is written is read the same again")
    let canonical = value.canonicalBytes
    expect((try? JSONValue(parsing: canonical))?.canonicalBytes == canonical, "a canonical form is canonical")
    return 0
}
