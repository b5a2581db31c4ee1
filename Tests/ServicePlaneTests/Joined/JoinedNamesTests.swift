// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@testable import ServicePlane

/// Names at an endpoint that joins several servers.
@Suite struct JoinedNamesTests {
    /// Everything of up to `length` of these characters.
    private static func words(_ length: Int) -> [String] {
        var all: [[Character]] = [[]]
        var last = all
        for _ in 0..<length {
            last = last.flatMap { word in "a_-".map { word + [$0] } }
            all += last
        }
        return all.filter { !$0.isEmpty }.map { String($0) }
    }

    @Test("no two names of two members are the same, and each is taken apart as it was put together")
    func unambiguous() {
        let members = Self.words(3).filter { !$0.hasSuffix("_") && !$0.contains("__") }
        var seen: [String: String] = [:]
        for member in members {
            for name in Self.words(4) {
                let joined = JoinedNames.name(name, of: member)
                #expect(seen.updateValue(member + " " + name, forKey: joined) == nil)
                let parts = JoinedNames.split(joined)
                #expect(parts?.member == member && parts?.name == name, "\(joined)")
            }
        }
        #expect(seen.count > 1000)
    }

    @Test(arguments: ["", "a", "a_b", "__a", "a__", "_"])
    func `A name without both parts names nobody`(_ name: String) { #expect(JoinedNames.split(name) == nil) }

    @Test func `URIs and identifiers come back as they went`() throws {
        for uri in ["ticket://7", "file:///etc/motd", "yett://wiki/x", "a:b/c?d#e"] {
            let joined = JoinedNames.uri(uri, of: "tickets")
            #expect(JoinedNames.split(uri: joined)?.member == "tickets" && JoinedNames.split(uri: joined)?.uri == uri)
        }
        for uri in ["ticket://7", "yett://", "yett://tickets", "yett://tickets/", "yett:///x", "YETT://tickets/x"] {
            #expect(JoinedNames.split(uri: uri) == nil, "\(uri)")
        }
        for id in [JSONRPCID(7), .string("7"), .string("a__b"), .string("\"")] {
            let joined = JoinedNames.split(JoinedNames.id(id, of: "tickets"))
            #expect(joined?.member == "tickets" && joined?.id == id)
        }
        #expect(JoinedNames.split(JSONRPCID(7)) == nil && JoinedNames.split(.string("tickets__{}")) == nil)
    }

    @Test func `Results name resources as the endpoint does`() throws {
        let call = try JSONValue(
            parsing: #"""
                {"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"resource_link","uri":"ticket://7","name":"n"},
                 {"type":"resource","resource":{"uri":"ticket://8","text":"t"}},{"type":"text","text":"ticket://9"}]}}
                """#)
        let joined = JoinedMessages.renamed(call, of: "tickets", to: .callTool)
        #expect(joined["result"]?["content"]?[0]?["uri"]?.string == "yett://tickets/ticket://7")
        #expect(joined["result"]?["content"]?[1]?["resource"]?["uri"]?.string == "yett://tickets/ticket://8")
        #expect(joined["result"]?["content"]?[2]?["text"]?.string == "ticket://9")
        let asked = try JSONValue(parsing: #"{"jsonrpc":"2.0","id":7,"method":"elicitation/create","params":{}}"#)
        #expect(JoinedMessages.renamed(asked, of: "wiki", to: .callTool)["id"]?.string == "wiki__7")
    }
}
