// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test("reads what a parent says and writes the same")
    func parent() throws {
        for flags in ["00", "01"] {
            let text = "00-\(Self.trace)-\(Self.span)-\(flags)"
            let parent = try #require(TraceParent(text))
            #expect(parent.trace.description == Self.trace)
            #expect(parent.parent.description == Self.span)
            #expect(parent.isSampled == (flags == "01"))
            #expect(parent.description == text)
        }
    }

    @Test(
        "takes the sampled bit out of other flags and of later versions",
        arguments: [
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03", true),
            ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-fe", false),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
            ("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what the future brings", true),
            ("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-", false),
        ])
    func flags(text: String, isSampled: Bool) throws {
        let parent = try #require(TraceParent(text))
        #expect(parent.isSampled == isSampled)
        #expect(parent.description.hasPrefix("00-"))
    }

    @Test(
        "refuses what is no parent",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.future",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473\u{661}-00f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-" + String(repeating: "x", count: 600),
        ])
    func refusesParents(text: String) { #expect(TraceParent(text) == nil) }

    @Test(
        "takes every list that is one",
        arguments: [
            [], [""], ["a=1"], ["foo=1,bar=2"], ["foo=1", "bar=2"], [" foo=1 ,\tbar=2 , "], [",,foo=1,,"],
            ["fw529a3039@dt=FfffffffffffffffI9", "rojo=00f067aa0ba902b7"], ["0tenant@sys=x"], ["a_-*/0=t h e"],
            [String(repeating: "k", count: 256) + "=" + String(repeating: "v", count: 256)],
            [(0..<32).map { "k\($0)=1" }.joined(separator: ",")],
        ])
    func lists(values: [String]) { #expect(TraceState.isValid(values)) }

    @Test(
        "refuses lists that are none",
        arguments: [
            ["foo"], ["=1"], ["foo="], ["foo=1,foo=2"], ["foo=1", "foo=1"], ["Foo=1"], ["0foo=1"], ["foo =1"],
            ["foo=a=b"], ["foo=\u{7f}"], ["foo=é"], ["foo@=1"], ["@bar=1"], ["foo@Bar=1"], ["a@b@c=1"], ["foo@0bar=1"],
            ["foo@" + String(repeating: "s", count: 15) + "=1"], [String(repeating: "t", count: 242) + "@s=1"],
            [String(repeating: "k", count: 257) + "=1"], ["k=" + String(repeating: "v", count: 257)],
            [(0..<33).map { "k\($0)=1" }.joined(separator: ",")],
            [(0..<9).map { "k\($0)=" + String(repeating: "v", count: 250) }.joined(separator: ",")],
            ["foo=1\r\nx: y"], ["foo=1\u{0}"],
        ])
    func refusesLists(values: [String]) { #expect(!TraceState.isValid(values)) }

    @Test("makes no id of zeros")
    func zeros() {
        #expect(TraceID(high: 0, low: 0) == nil)
        #expect(TraceID(high: 0, low: 1)?.description == "00000000000000000000000000000001")
        #expect(SpanID(0) == nil)
        var zeros = Zeros()
        #expect(TraceID(using: &zeros).description != "00000000000000000000000000000000")
        #expect(SpanID(using: &zeros).description != "0000000000000000")
    }

    private struct Zeros: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }
}
