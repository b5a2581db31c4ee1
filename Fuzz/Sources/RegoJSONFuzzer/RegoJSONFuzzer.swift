// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import RegoValues

/// What is read is written so that it is read the same again, and a second writing is the first.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let heap = Heap()
    let reader = JSONReader(heap: heap)
    guard let value = try? reader.read(UnsafeBufferPointer(start: start, count: count)) else { return 0 }
    let text = JSONWriter.bytes(value)
    guard let again = try? reader.read(text) else { fatalError("what is written is JSON") }
    expect(again.isEqual(to: value), "what is written is read the same again")
    expect(JSONWriter.bytes(again) == text, "equal values have one text")
    expect(value.compare(to: again) == 0, "equal values stand at one place in the order")
    expect(heap.set([value, again]).count == 1, "equal values have one hash")
    expect(!RegoPrinter.bytes(value).isEmpty, "every value can be printed")
    return 0
}
