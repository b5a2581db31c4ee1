// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite("Encoding of HPACK") struct HPACKEncoderTests {
    @Test(
        "refers to the static table where it can",
        arguments: [
            (":method", "POST", "83"), (":path", "/", "84"), (":status", "200", "88"),
            ("accept-encoding", "gzip, deflate", "90"), ("www-authenticate", "", "bd"),
            (":status", "503", "08 03 353033"), ("content-type", "a", "0f10 01 61"), ("x", "", "00 01 78 00"),
            ("te", "trailers", "00 02 7465 08 747261696c657273"), (":method", "post", "02 04 706f7374"),
            ("", "", "00 00 00"),
        ])
    func fields(_ name: String, _ value: String, _ block: String) {
        var found: [UInt8] = []
        HPACKEncoder.append(name: name, value: value, to: &found)
        #expect(found == hexadecimal(block))
    }

    @Test("writes a status", arguments: [200, 204, 206, 304, 400, 404, 500, 100, 302, 503, 999])
    func status(_ status: Int) throws {
        var block: [UInt8] = []
        HPACKEncoder.append(status: status, to: &block)
        var decoder = HPACKDecoder(tableBytes: 0)
        #expect(try decoder.fields(block) == [HPACKField(":status", "\(status)")])
        #expect(block.count == ([200, 204, 206, 304, 400, 404, 500].contains(status) ? 1 : 5))
    }

    @Test(
        "writes what is read, of any length",
        arguments: [0, 1, 126, 127, 128, 254, 255, 16_383, 16_510, 16_511, 70_000])
    func lengths(_ count: Int) throws {
        let text = String(repeating: "é", count: count / 2) + String(repeating: "a", count: count % 2)
        var block: [UInt8] = []
        HPACKEncoder.append(name: text, value: text, to: &block)
        HPACKEncoder.append(name: "grpc-message", value: text, to: &block)
        HPACKEncoder.append(name: "grpc-status", value: "0" as StaticString, to: &block)
        var decoder = HPACKDecoder(tableBytes: 0)
        #expect(
            try decoder.fields(block) == [
                HPACKField(text, text), HPACKField("grpc-message", text), HPACKField("grpc-status", "0"),
            ])
    }
}
