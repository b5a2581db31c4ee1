// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSpawn
internal import Glibc
internal import Protocols

/// The emulator's control socket, for saving a machine and for copying it. It is closed before any code that is not the
/// image's runs, so that a guest that took over its emulator has nobody to talk to.
struct MachineControl {
    private let socket: SandboxDescriptor
    private let end: Int64
    /// What came after the last answer.
    private var rest: [UInt8] = []

    private static let lineBytes = 64 << 10
    private static let pauseMilliseconds: Int32 = 2

    /// Begins the conversation.
    ///
    /// - Parameter end: When it must be over, in microseconds of the steady clock.
    init(_ socket: SandboxDescriptor, until end: Int64) throws(SandboxError) {
        self.socket = socket
        self.end = end
        _ = try ask("qmp_capabilities")
        // The memory itself is in a file already.
        _ = try ask(
            "migrate-set-capabilities", ["capabilities": [["capability": "x-ignore-shared", "state": true]]])
    }

    /// Stops the machine and writes the state of its devices to a file.
    mutating func save(to file: Int32) throws(SandboxError) {
        try give(file)
        _ = try ask("stop")
        _ = try ask("migrate", ["uri": "fd:state"])
        while true {
            switch try ask("query-migrate")["status"]?.string {
            case "completed"?: return
            case "failed"?, "cancelled"?: throw Self.broken("it could not be saved")
            default: poll(nil, 0, Self.pauseMilliseconds)
            }
        }
    }

    /// Takes the state of the devices from a file and lets the machine run.
    mutating func resume(from file: Int32) throws(SandboxError) {
        try give(file)
        _ = try ask("migrate-incoming", ["uri": "fd:state"])
        while try ask("query-status")["status"]?.string == "inmigrate" { poll(nil, 0, Self.pauseMilliseconds) }
        _ = try ask("cont")
    }

    private mutating func give(_ file: Int32) throws(SandboxError) {
        _ = try ask("getfd", ["fdname": "state"], file: file)
    }

    private mutating func ask(_ command: String, _ arguments: JSONValue? = nil, file: Int32? = nil) throws(SandboxError)
        -> JSONValue
    {
        var order: JSONObject = JSONObject()
        order["execute"] = .string(command)
        if let arguments { order["arguments"] = arguments }
        let bytes = JSONValue.object(order).bytes + [UInt8(ascii: "\n")]
        let sent = bytes.withUnsafeBytes { buffer -> Int in
            guard var file else { return send(socket.number, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL)) }
            return yett_send_descriptors(socket.number, buffer.baseAddress, buffer.count, &file, 1)
        }
        guard sent == bytes.count else { throw Self.broken("it does not listen") }
        while true {
            guard let answer = try? JSONValue(parsing: try line()), let object = answer.object else {
                throw Self.broken("it answers what is no answer")
            }
            if object["event"] != nil || object["QMP"] != nil { continue }
            if let value = object["return"] { return value }
            throw Self.broken(answer["error"]?["desc"]?.string ?? "it refuses \(command)")
        }
    }

    private mutating func line() throws(SandboxError) -> [UInt8] {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                defer { rest.removeFirst(end &+ 1) }
                return Array(rest[..<end])
            }
            let left = end &- SteadyClock.microseconds()
            var watched = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
            guard left > 0, rest.count < Self.lineBytes else { throw Self.broken("it takes too long") }
            guard poll(&watched, 1, Int32(clamping: left / 1000 &+ 1)) > 0 else { continue }
            var piece = [UInt8](repeating: 0, count: 4096)
            let count = recv(socket.number, &piece, piece.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.broken("it ended") }
            rest += piece[..<count]
        }
    }

    private static func broken(_ why: String) -> SandboxError {
        .refused(.setUp, "the emulator of a virtual machine was asked for a copy: \(why)")
    }
}
