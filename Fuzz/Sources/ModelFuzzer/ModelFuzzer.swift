// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// A body as a request, as an answer and as a stream of each interface: what passes is read the same again, and nothing
/// depends on how a stream is cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    let body = Array(input.bytes)
    for api in ModelAPI.allCases {
        if let call = try? ModelRequestReader().read(api, body: body) {
            let again = try? ModelRequestReader().read(api, body: call.body)
            expect(again?.body == call.body, "a request that is sent is sent the same again")
            expect(again?.toolNames == call.toolNames, "tools keep their names")
        }
        if let answer = try? ModelAnswer(api, body: body) {
            let again = try? ModelAnswer(api, body: answer.body)
            expect(again?.calls == answer.calls, "calls keep their meaning")
        }
        stream(api, body, input.cuts)
    }
    return 0
}

/// What a filter makes of a stream.
private struct Played: Equatable {
    var output: [UInt8] = []
    var calls: [ModelToolCall] = []
    var isFinished = false
    var isOver = false
}

private func play(_ api: ModelAPI, _ pieces: [ArraySlice<UInt8>], deniesAll: Bool = false) -> Played {
    var played = Played()
    guard var filter = ModelStreamFilter(api) else { return played }
    for piece in pieces {
        var calls: [ModelToolCall] = []
        let step = filter.feed(Array(piece)) { call in
            calls.append(call)
            return deniesAll ? .deny(code: "denied", sentence: "Denied.") : .allow
        }
        played.calls += calls
        played.output += step.bytes
        if case .finished? = step.ending { played.isFinished = true }
        if step.ending != nil { played.isOver = true }
    }
    return played
}

private func stream(_ api: ModelAPI, _ body: [UInt8], _ cuts: [Int]) {
    let whole = play(api, [body[...]])
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    for cut in cuts where cut > start {
        pieces.append(body[start..<cut])
        start = cut
    }
    pieces.append(body[start...])
    expect(play(api, pieces) == whole, "nothing depends on the cuts")
    if whole.isFinished {
        let again = play(api, [whole.output[...]])
        expect(again.output == whole.output && again.calls == whole.calls, "what passes is read the same again")
    }
    if !whole.calls.isEmpty {
        let denied = play(api, [body[...]], deniesAll: true)
        expect(denied.calls == [whole.calls[0]] && denied.isOver && !denied.isFinished, "a denial ends the stream")
    }
}
