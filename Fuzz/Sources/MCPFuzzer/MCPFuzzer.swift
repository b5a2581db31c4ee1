// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

private let fields = [
    MCPField("content-type", "application/json"), MCPField("accept", "application/json, text/event-stream"),
]

/// A body as a client's request and as a server's answer, plain and as an event stream: what passes is sent in a form
/// that means the same when it is read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    let body = Array(input.bytes)
    let reader = MCPRequestReader()
    for revision in MCPRevision.allCases where !revision.isStateless {
        let request = MCPHTTPRequest(method: "POST", fields: fields, body: body)
        guard let read = try? reader.read(request, negotiated: revision) else { continue }
        let sent = MCPHTTPRequest(method: "POST", fields: read.fields, body: read.body)
        let again = try? reader.read(sent, negotiated: read.revision)
        expect(again?.body == read.body, "what is sent is sent the same again")
        expect(again?.operation.arguments == read.operation.arguments, "arguments keep their meaning")
    }
    answer(body)
    return 0
}

private func answer(_ body: [UInt8]) {
    let list = MCPHTTPRequest(
        method: "POST", fields: fields, body: Array(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#.utf8))
    guard let request = try? MCPRequestReader().read(list, negotiated: .november2025) else { return }
    var exchange = MCPExchange(request)
    if let message = try? exchange.readBody(body), case .result(let result) = message.kind {
        let page = try? MCPListPage(result, of: .listTools, in: .july2026) { _ in true }
        expect(page?.items.allSatisfy { MCPNames.isToolName($0.name) } ?? true, "only sound names are shown")
    }
    var parser = EventStreamParser()
    var stream = MCPExchange(request)
    for event in (try? parser.feed(body)) ?? [] { _ = try? stream.readEvent(event) }
}
