// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

@Suite struct StrictBase64Tests {
    @Test("writes and reads every length", arguments: [StrictBase64.url, .standard])
    func roundTrip(_ form: StrictBase64) {
        for count in 0..<50 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 251) }
            #expect(form.decode(form.encode(bytes)) == bytes)
        }
        #expect(StrictBase64.url.text([0xfb, 0xff]) == "-_8")
        #expect(StrictBase64.standard.text([0xfb, 0xff]) == "+/8=")
    }

    @Test(
        "refuses every second spelling",
        arguments: ["A", "AB", "-_9", "+/8", "-_8=", "AA==", "A A", "AAAA\n", "AAA.", "é"])
    func spellings(_ text: String) {
        #expect(StrictBase64.url.decode(text.utf8) == nil)
    }

    @Test("standard base64 needs its padding", arguments: ["AA", "AA=", "AAA", "AAAA====", "====", "AA==AAAA", "-_8="])
    func padding(_ text: String) {
        #expect(StrictBase64.standard.decode(text.utf8) == nil)
    }
}
