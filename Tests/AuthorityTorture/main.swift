// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Authority
import Foundation
import Glibc
import Identity
import X509

// Usage: authority-torture DIRECTORY ROUND
//
// Changes an authority's state as fast as it can until it is killed. Each change is written to standard output, with one
// write each, after the authority said that it was made.

@Sendable func acknowledge(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = line.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
}

guard CommandLine.arguments.count == 3 else {
    print("usage: authority-torture DIRECTORY ROUND")
    exit(2)
}
let round = CommandLine.arguments[2]
let domain = try TrustDomain(parsing: "example.test")
let authority = try Authority(AuthorityConfiguration(trustDomain: domain, directory: CommandLine.arguments[1]))
let parent = try LocalNode.id(in: domain)
let key = SigningKey.generate().publicKey

for step in 0... {
    let id = try SPIFFEID(parsing: "spiffe://example.test/agent/r\(round)-\(step)")
    let entry = try RegistrationEntry(
        spiffeID: id, parentID: parent, selectors: [Selector(parsing: "unix:uid:\(step)")], origin: .operator)
    try await authority.add(entry)
    acknowledge("entry \(id)")
    if step % 2 == 1 {
        try await authority.removeEntry(entry.id)
        acknowledge("removed \(id)")
    }
    let token = try await authority.makeJoinToken(for: id)
    acknowledge("token \(token.secretText())")
    _ = try await authority.redeem(joinToken: token.secretText(), publicKey: key)
    acknowledge("used \(token.secretText())")
    let kind = KeyKind.allCases[step % 2]
    let old = authority.keys.first { $0.kind == kind && $0.stage == .active }
    let next = try await authority.prepare(kind)
    acknowledge("sequence \(authority.state.bundle.sequence ?? 0)")
    try await authority.activate(kind, next.id)
    acknowledge("active \(kind.rawValue) \(next.id)")
    if let old, authority.keys.filter({ $0.kind == kind }).count < 20 {
        try await authority.taint(kind, old.id)
        try await authority.revoke(kind, old.id)
        acknowledge("revoked \(kind.rawValue) \(old.id)")
        acknowledge("sequence \(authority.state.bundle.sequence ?? 0)")
    }
    if authority.keys.filter({ $0.kind == kind }).count >= 20 { break }
}
acknowledge("full")
while true { pause() }
