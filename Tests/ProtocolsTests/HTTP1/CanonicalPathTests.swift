// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct CanonicalPathTests {
    static func path(_ text: String) -> (decision: String, forward: String)? {
        let message = bytes(text)
        return message.withUnsafeBytes { message in
            CanonicalPath.parse(ByteRange(0, message.count), in: message).map {
                ($0.decisionText(in: message), $0.forwardText(in: message))
            }
        }
    }

    @Test(
        "resolves what servers resolve",
        arguments: [
            ("/", "/"), ("/a/b", "/a/b"), ("/a/b/", "/a/b/"), ("/.well-known/x", "/.well-known/x"), ("/a/./b", "/a/b"),
            ("/a/../b", "/b"), ("/../b", "/b"), ("/a/..", "/"), ("/a/.", "/a/"), ("//a", "/a"), ("/a//b//", "/a/b/"),
            ("/%61", "/a"), ("/%7Ea", "/~a"), ("/a%2fb", "/a%2Fb"), ("/%C3%A9", "/%C3%A9"), ("/%c3%a9", "/%C3%A9"),
            ("/a/%2e%2E/b", "/b"), ("/a/.%2e/b", "/b"), ("/...", "/..."), ("/a.", "/a."), ("/a%20b", "/a%20b"),
            ("/a/..;x=y/b", "/b"), ("/a/;x/b", "/a/b"), ("/a%25", "/a%25"), ("/a%2541", "/a%2541"),
            ("/a|b[c]", "/a|b[c]"),
            ("/%3Fa", "/%3Fa"), ("/a:b@c", "/a:b@c"), ("/a/b/../../../c", "/c"),
            ("/x/https%3A%2F%2Fa", "/x/https%3A%2F%2Fa"), ("/a/../", "/"), ("/%2E", "/"),
        ])
    func resolves(_ text: String, _ expected: String) {
        #expect(Self.path(text)?.forward == expected)
        #expect(Self.path(text)?.decision == expected)
        #expect(Self.path(expected)?.forward == expected)
    }

    @Test("judges a path without parameters and forwards it with them")
    func parameters() {
        #expect(Self.path("/admin;x=y")?.decision == "/admin")
        #expect(Self.path("/admin;x=y")?.forward == "/admin;x=y")
        #expect(Self.path("/a;b/c;d/")?.decision == "/a/c/")
    }

    @Test(
        "refuses what servers understand in different ways",
        arguments: [
            "", "a", "/%", "/%2", "/%zz", "/%00", "/%09", "/%0d%0a", "/%7f", "/%5c", "/a\\b", "/%c0%ae", "/%e9",
            "/%ed%a0%80",
            "/%c3", "/%c3a", "/..%2fb", "/%2fadmin", "/a/%2F/b", "/%3bx/a", "/a%2f..", "/a%2f../b", "/a%2F%2e%2e%2Fb",
            "/a/%252e%252e/b", "/%252f",
            "/%255c",
            "/%25252e", "/%2500", "/..%3b/a", "/..%20/a", "/.%20", "/a;%2f..%2fb", "/a b", "/a\u{e9}", "/a\"", "/<a>",
            "/a^",
            "/{a}", "/`", "/%u0061", "/%25%32e",
        ])
    func refuses(_ text: String) {
        #expect(Self.path(text) == nil)
    }

    @Test("has a canonical form that is canonical, for random paths")
    func idempotent() {
        var generator = SeededGenerator(state: 7)
        let parts = ["/", ".", "..", "a", "%2e", "%2F", ";", "%25", "2e", "//", "%41", "b=c", "%C3%A9", "~"]
        for _ in 0..<20_000 {
            let text =
                "/"
                + (0..<Int.random(in: 0..<9, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? ""
                }.joined()
            guard let once = Self.path(text) else { continue }
            let twice = Self.path(once.forward)
            #expect(twice?.forward == once.forward && twice?.decision == once.decision, "\(text)")
            #expect(
                !once.forward.contains("/../") && !once.forward.hasSuffix("/..") && !once.forward.contains("//"),
                "\(text)")
        }
    }
}
