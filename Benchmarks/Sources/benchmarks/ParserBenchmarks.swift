// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Protocols

/// Everything that reads bytes of a client or judges an address, each with an ordinary input.
enum ParserBenchmarks {
    static let all = [
        Benchmark(name: "guard/public-ipv4", goal: 250) { try judge("93.184.215.14") },
        Benchmark(name: "guard/public-ipv6", goal: 250) { try judge("2606:4700:4700::1111") },
        Benchmark(name: "guard/metadata", goal: 1_500) { try judge("169.254.169.254") },
        Benchmark(name: "host/name", goal: 400) {
            let text = Array("internal-tickets.techresolve.local".utf8)
            return { times in
                for _ in 0..<times { blackHole(text.withUnsafeBytes { try? Host(parsing: $0) }) }
            }
        },
        Benchmark(name: "http1/connect-head", goal: 600) {
            parse("CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\nUser-Agent: curl/8.5\r\n\r\n")
        },
        Benchmark(name: "http1/get-head-10-fields", goal: 2_000) {
            parse(
                "GET http://tickets.test/api/v1/tickets/881?expand=comments HTTP/1.1\r\nHost: tickets.test\r\n"
                    + (1...9).map { "X-Field-\($0): a value of some length, number \($0)\r\n" }.joined() + "\r\n")
        },
    ]

    private static func judge(_ text: String) throws -> (Int) -> Void {
        let exceptions = try (1...10).map {
            try AddressException(host: "host-\($0).test", port: "443", block: "10.0.\($0).0/24")
        }
        let addressGuard = AddressGuard(exceptions: exceptions, ownListeners: [])
        guard let address = IPAddress(text) else { return { _ in } }
        let host = try Host(parsing: "api.example.com")
        return { times in
            for _ in 0..<times { blackHole(addressGuard.judge(address, host: host, port: 443)) }
        }
    }

    private static func parse(_ head: String) -> (Int) -> Void {
        let bytes = Array(head.utf8)
        return { times in
            var parser = HTTP1RequestParser()
            for _ in 0..<times {
                blackHole(bytes.withUnsafeBytes { parser.parse($0) })
                parser.reset()
            }
        }
    }
}
