// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Protocols

/// Parsers of requests that wait for another connection, with the storage they have. Used on one loop only.
package struct ParserPool {
    private static let most = 64

    private var kept: [HTTP1RequestParser] = []
    private let limits: HTTP1Limits

    /// Keeps none yet.
    package init(limits: HTTP1Limits) { self.limits = limits }

    /// A parser at the start of a message, with storage from an earlier connection where there is one.
    package mutating func take() -> HTTP1RequestParser { kept.popLast() ?? HTTP1RequestParser(limits: limits) }

    /// Keeps a parser's storage for another connection.
    package mutating func keep(_ parser: consuming HTTP1RequestParser) {
        guard kept.count < Self.most else { return }
        parser.reset()
        kept.append(parser)
    }
}
