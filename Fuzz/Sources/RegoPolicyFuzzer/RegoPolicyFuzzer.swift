// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport

@testable import Rego

/// The bytes decide what a generator of policies writes: the engine answers what the slow evaluator answers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard count <= 4096 else { return -1 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let example = GeneratedCase(PolicyGenerator(Choices(bytes: bytes))) else { return -1 }
    guard let difference = example.difference() else { return 0 }
    print(difference)
    expect(false, "the engine answers what the slow evaluator answers")
    return 0
}
