// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport

@testable import SecretScanning

/// The first bytes are a secret, the others a stream: what is found is what a naive search finds, however it is cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    guard let first = input.bytes.first else { return 0 }
    let length = 8 + Int(first % 8)
    let secret = Array(input.bytes.dropFirst().prefix(length))
    let text = Array(input.bytes.dropFirst(1 + length).prefix(2048))
    guard let patterns = try? SecretPatterns([secret], includesReversed: first >= 128) else { return 0 }
    var expected = text
    for form in SecretForm.all(of: secret, includesReversed: first >= 128) where form.count <= text.count {
        expect(form.count >= SecretPatterns.minimumBytes, "no spelling is shorter than a secret")
        for start in 0...(text.count - form.count) where text[start..<(start + form.count)].elementsEqual(form) {
            for index in start..<(start + form.count) { expected[index] = 0x2a }
        }
    }
    expect(patterns.redact(text).value == expected, "every spelling is found, and nothing else")
    var scanner = SecretScanner(patterns)
    var output: [UInt8] = []
    var begin = 0
    for cut in input.cuts + [text.count] where cut > begin && cut <= text.count {
        output += scanner.feed(Array(text[begin..<cut]))
        expect(scanner.heldBytes < patterns.longest, "no more is held than can become a secret")
        begin = cut
    }
    output += scanner.end()
    expect(output == expected, "nothing depends on the cuts")
    return 0
}
