// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport

@testable import RegoValues

/// A format on a line and operands in JSON: whatever they are, a text or a limit comes out, in UTF-8 if both are.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let lines = UnsafeBufferPointer(start: start, count: count).split(
        separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2 else { return 0 }
    let context = BuiltinContext(heap: Heap())
    let format = UnsafeBufferPointer(rebasing: lines[0])
    guard let operands = try? JSONReader(heap: context.heap).read(UnsafeBufferPointer(rebasing: lines[1])),
        var formatter = try? StringFormatter(format, operands.elements, context), let text = try? formatter.text()
    else { return 0 }
    expect(text.count <= context.limits.stringBytes, "texts are bounded")
    if UTF8Text.isValid(format) {
        expect(text.withUnsafeBufferPointer { UTF8Text.isValid($0) }, "characters are kept whole")
    }
    return 0
}
