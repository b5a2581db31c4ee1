// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport

@testable import PolicyArchive

/// Files that were read stay within the limits and below the top, and are read the same again once they are packed anew.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(Input(start, count).bytes)
    var limits = BundleLimits()
    limits.unpackedBytes = 1 << 20
    limits.entries = 100
    _ = try? Gzip.inflate(bytes, limits: limits)
    guard let files = try? TarReader.files(in: bytes, limits: limits) else { return 0 }
    expect(files.count <= limits.entries, "the number of files is bounded")
    expect(files.reduce(0) { $0 + $1.bytes.count } <= limits.unpackedBytes, "the size of files is bounded")
    for file in files {
        let parts = file.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        expect(!parts.contains { $0.isEmpty || $0.elementsEqual("..".utf8) }, "no name leads elsewhere")
    }
    let again = try? TarReader.files(in: TarWriter.archive(files), limits: limits)
    expect(again.map { Set($0) } == Set(files), "what is packed is read the same again")
    return 0
}
