// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import Protocols

/// Reads all frames of a connection that come in pieces of one size, and gives the events and how many bytes they used.
private func read(_ bytes: UnsafeRawBufferPointer, piece: Int) -> (events: [HTTP2Event], used: Int) {
    var reader = HTTP2FrameReader(listBytes: 2048, fieldCount: 32)
    var (events, used, end) = ([HTTP2Event](), 0, 0)
    while end < bytes.count {
        end = min(end + piece, bytes.count)
        while true {
            let event = reader.next(UnsafeRawBufferPointer(rebasing: bytes[used..<end]))
            if event == .needMore { break }
            events.append(event)
            if case .failure = event { return (events, used) }
            if case .data(_, let payload, let size, _) = event {
                expect(payload.end <= reader.consumed && Int(payload.count) <= size, "a body lies in its frame")
            }
            expect(reader.consumed > 0, "an event uses some bytes")
            expect(reader.fields.count <= 32, "a list has no more fields than it may")
            used += reader.consumed
        }
        expect(
            end - used <= HTTP2FrameReader.headBytes + HTTP2FrameReader.frameBytes,
            "a frame is not larger than it may be")
    }
    return (events, used)
}

/// Reading ends, and pieces make no difference.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(start, count)
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]
    (preface + Array(input.bytes)).withUnsafeBytes { bytes in
        let whole = read(bytes, piece: .max)
        let pieces = read(bytes, piece: 1 + count % 13)
        expect(whole.events == pieces.events && whole.used == pieces.used, "pieces make no difference")
    }
    return 0
}
