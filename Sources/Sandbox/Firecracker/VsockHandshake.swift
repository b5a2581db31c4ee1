// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc

/// How the host asks Firecracker for a connection to a port of the guest: a line, and a line for an answer.
enum VsockHandshake {
    /// The port on which the guest's agent listens, as in `share/sandbox/agent.py`.
    static let port = 1024

    /// What came of it.
    enum Outcome: Equatable {
        case connected
        /// The other end was closed: nobody listens in the guest, or not yet.
        case nobody
        case late
        /// Something was said that Firecracker never says.
        case malformed
    }

    /// The longest answer: `OK`, a space, a number of 32 bits, and the end of the line.
    private static let answerLimit = 14

    /// Asks, and reads exactly the answer: what follows it is the guest's.
    static func perform(_ socket: Int32, until last: Int64) -> Outcome {
        guard JailedSocket.write(Array("CONNECT \(port)\n".utf8), to: socket, until: last) else { return .nobody }
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            guard line.count < answerLimit else { return .malformed }
            switch JailedSocket.read(socket, most: 1, until: last) {
            case .bytes(let byte): line += byte
            case .end: return line.isEmpty ? .nobody : .malformed
            case .late: return line.isEmpty ? .late : .malformed
            }
        }
        return isGood(line) ? .connected : .malformed
    }

    /// Whether a line is the answer to a request that was granted.
    static func isGood(_ line: [UInt8]) -> Bool {
        guard line.starts(with: Array("OK ".utf8)), line.last == UInt8(ascii: "\n") else { return false }
        let digits = line.dropFirst(3).dropLast()
        guard (1...10).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        return UInt32(String(decoding: digits, as: UTF8.self)) != nil
    }
}
