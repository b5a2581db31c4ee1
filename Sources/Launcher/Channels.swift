// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLauncher
internal import Glibc

/// The channel on which the helper inside hands out its listeners and says how far it came.
final class ControlChannel {
    enum Message {
        case listeners([Descriptor], program: pid_t)
        case leak(String)
        case failure(String)
        case executing
        case notExecuted(Int32)
        case closed
    }

    let outside: Descriptor
    private(set) var inside: Descriptor

    init() throws(LaunchError) {
        var pair: [Int32] = [-1, -1]
        guard yett_control_pair(&pair) == 0 else { throw .setUp("making a channel: \(errorText(errno))") }
        outside = Descriptor(pair[0])
        inside = Descriptor(pair[1])
    }

    func closeInside() {
        inside = Descriptor(-1)
    }

    func release() throws(LaunchError) {
        guard send(outside.number, "g", 1, Int32(MSG_NOSIGNAL)) == 1 else {
            throw .setUp("the inside ended early")
        }
    }

    func receive() -> Message {
        var bytes = [CChar](repeating: 0, count: 1024)
        var numbers: [Int32] = [-1, -1]
        var count: Int32 = 0
        var process: pid_t = 0
        let length = yett_control_receive(outside.number, &bytes, bytes.count, &numbers, &count, &process)
        let descriptors = numbers.prefix(Int(count)).map { Descriptor($0) }
        guard length > 0 else { return .closed }
        let text = String(decoding: bytes[1..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch UInt8(bitPattern: bytes[0]) {
        case UInt8(ascii: "L") where descriptors.count == 2: return .listeners(descriptors, program: process)
        case UInt8(ascii: "W"): return .leak(text)
        case UInt8(ascii: "X"): return .executing
        case UInt8(ascii: "E"): return .notExecuted(Int32(text) ?? EACCES)
        case UInt8(ascii: "S"): return .failure(text)
        default: return .failure("the inside sent an unknown message")
        }
    }
}

/// Where bubblewrap names the first process inside.
final class InformationPipe {
    let read: Descriptor
    private(set) var write: Descriptor

    init() throws(LaunchError) {
        var ends: [Int32] = [-1, -1]
        guard yett_pipe(&ends) == 0 else { throw .setUp("making a pipe: \(errorText(errno))") }
        read = Descriptor(ends[0])
        write = Descriptor(ends[1])
    }

    func closeWrite() {
        write = Descriptor(-1)
    }

    /// The process id outside of the sandbox's first process, once bubblewrap has written it.
    func firstProcess() -> pid_t? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(read.number, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        guard let key = text.utf8.firstRange(of: "\"child-pid\":".utf8) else { return nil }
        let digits = text.utf8[key.upperBound...].drop { $0 == UInt8(ascii: " ") }.prefix { (48...57).contains($0) }
        return pid_t(String(Substring(digits)))
    }
}

/// The signals to this process, as bytes on a descriptor.
final class ForwardedSignals {
    let source: Int32

    init() throws(LaunchError) {
        source = yett_signals_open()
        guard source >= 0 else { throw .setUp("catching signals: \(errorText(errno)), is another launch running?") }
    }

    deinit {
        yett_signals_close()
    }

    func next() -> Int32? {
        var byte: UInt8 = 0
        return read(source, &byte, 1) == 1 ? Int32(byte) : nil
    }
}
