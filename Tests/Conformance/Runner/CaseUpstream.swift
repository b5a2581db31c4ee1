// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport

/// The destination of the cases: answers HTTP with a mark that shows where the answer came from, and echoes anything else.
enum CaseUpstream {
    /// The field that only the destination writes.
    static let mark = "x-upstream"

    static func start(_ test: CorpusCase) -> UpstreamServer {
        let response =
            (try? test.compressedUpstreamResponse.map(Gzip.expand)) ?? test.upstreamResponse.map { Array($0) }
            ?? Array(answer(to: test).utf8)
        let closes = test.upstreamResponse != nil || test.compressedUpstreamResponse != nil
        return UpstreamServer { connection in
            let first = try connection.readSome(within: 60)
            guard let byte = first.first else { return }
            let isText = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            if isText {
                // Only heads matter here: what was received is looked at afterwards.
                var bytes = first
                while true {
                    while let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                        bytes = Array(bytes[end.upperBound...])
                        try connection.write(response)
                        if closes { return }
                    }
                    let more = try connection.readSome(within: 60)
                    guard !more.isEmpty else { return }
                    bytes += more
                }
            }
            var bytes = first
            while !bytes.isEmpty {
                try connection.write(bytes)
                bytes = try connection.readSome(within: 60)
            }
        }
    }

    private static func answer(to test: CorpusCase) -> String {
        if let redirect = test.redirect {
            return "HTTP/1.1 \(redirect.status) Moved\r\nLocation: \(redirect.location)\r\nX-Upstream: yes\r\n"
                + "Content-Length: 0\r\n\r\n"
        }
        return "HTTP/1.1 200 OK\r\nX-Upstream: yes\r\nContent-Length: 2\r\n\r\nok"
    }
}
