// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// A request whose stream ended before the answer came, and that a client may go on reading behind an event
/// (until 2025-11-25).
struct MCPResumption: Sendable {
    /// The request.
    let request: MCPRequest
    /// What may still come back for it.
    let exchange: MCPExchange
    /// The tool that was called, and what is known of it.
    let tool: MCPTool?
    let annotations: ToolAnnotations?
    /// Where its values are followed.
    let followed: ProvenanceBook.Key?

    /// The most bytes of a request that is kept.
    static let maximumBytes = 64 << 10

    /// Behind which event, in which session, whose.
    struct Key: Hashable, Sendable {
        let caller: String
        let session: String
        let event: [UInt8]
    }
}

extension MCPMediation {
    /// The request that the server's messages are about: the one that is resumed, if one is.
    var asked: MCPRequest? { resumed ?? request }

    private func key(behind event: String) -> MCPResumption.Key {
        MCPResumption.Key(caller: caller, session: session ?? "", event: Array(event.utf8))
    }

    /// Goes on with the request that ended at an event, when it was this caller's in this session.
    func resume(behind event: String) {
        guard let found = service.memory.resume(key(behind: event)) else { return }
        resumed = found.request
        resumedBehind = key(behind: event)
        exchange = found.exchange
        tool = found.tool
        annotations = found.annotations
        followed = found.followed
    }

    /// Keeps a request whose stream ended early; false when it cannot be resumed.
    func keepForResumption(_ exchange: MCPExchange) -> Bool {
        guard let asked, !asked.revision.isStateless, asked.id != nil, !exchange.isAnswered, let lastEvent,
            asked.body.count <= MCPResumption.maximumBytes
        else { return false }
        service.memory.keep(
            MCPResumption(
                request: asked, exchange: exchange, tool: tool, annotations: annotations, followed: followed),
            key(behind: lastEvent))
        return true
    }
}
