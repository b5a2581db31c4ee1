// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CLinux
internal import Glibc
internal import Logging
internal import Telemetry
internal import Transport

/// The service manager that started the gate and wants to know how it fares: systemd, or whoever else speaks sd_notify(3).
struct Supervisor: Sendable {
    /// The variables that tell of it.
    static let variables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]
    /// SCM_MAX_FD of the kernel.
    private static let mostDescriptors = 253

    /// How long it waits for a sign of life before it ends the gate; `nil` where it does not.
    let watchdog: Duration?
    /// The bytes of a Unix socket's address: a path, or a name after a zero byte.
    private let address: [UInt8]

    /// Finds it in the environment.
    ///
    /// - Parameter process: The number of this process.
    /// - Returns: `nil` when nobody wants to know.
    /// - Throws: ``GatewayError`` when what stands there cannot be meant.
    init?(environment: [String: String], process: Int32) throws(GatewayError) {
        guard let socket = environment["NOTIFY_SOCKET"] else { return nil }
        var address = Array(socket.utf8)
        // sockaddr_un has 108 bytes, of which a path needs one to end with.
        guard address.count > 1, address.count < 108, address[0] == UInt8(ascii: "/") || address[0] == UInt8(ascii: "@")
        else {
            throw GatewayError(
                ["NOTIFY_SOCKET is '\(socket)', neither an absolute path nor an abstract name of at most 107 bytes"],
                remedy: "start the gate with systemd and Type=notify, or without NOTIFY_SOCKET", isConfiguration: true)
        }
        if address[0] == UInt8(ascii: "@") { address[0] = 0 }
        self.address = address
        watchdog = try Self.watchdog(environment, process)
    }

    private static func watchdog(_ environment: [String: String], _ process: Int32) throws(GatewayError) -> Duration? {
        guard let text = environment["WATCHDOG_USEC"] else { return nil }
        if let meant = environment["WATCHDOG_PID"], meant != "\(process)" { return nil }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let time = Int64(text),
            time >= 1000
        else {
            throw GatewayError(
                ["WATCHDOG_USEC is '\(text)', not a number of microseconds from 1000"],
                remedy: "set WatchdogSec= of the unit to a time such as 30s, or remove it", isConfiguration: true)
        }
        return .microseconds(time)
    }

    // MARK: What it is told

    /// How the gate fares, in words.
    func status(_ status: String) throws(SupervisorError) { try send(["STATUS=\(Self.line(status))"]) }

    /// The gate serves.
    func ready(_ status: String) throws(SupervisorError) { try send(["READY=1", "STATUS=\(Self.line(status))"]) }

    /// The gate reads its configuration again; ``ready(_:)`` follows.
    func reloading(at monotonic: Int64) throws(SupervisorError) {
        try send(["RELOADING=1", "MONOTONIC_USEC=\(monotonic / 1000)", "STATUS=reading the configuration"])
    }

    /// The gate stops, and may take this long.
    func stopping(within grace: Duration, _ status: String) throws(SupervisorError) {
        let microseconds = grace.components.seconds * 1_000_000
        try send(["STOPPING=1", "EXTEND_TIMEOUT_USEC=\(microseconds)", "STATUS=\(Self.line(status))"])
    }

    /// The gate lives.
    func alive() throws(SupervisorError) { try send(["WATCHDOG=1"]) }

    /// Sockets for the next run of the gate, in the place of those that were left before.
    ///
    /// - Parameter descriptors: They stay open here.
    func keep(_ descriptors: [CInt]) throws(SupervisorError) {
        let name = "FDNAME=\(HandedSocket.keptName)"
        try send(["FDSTOREREMOVE=1", name])
        for start in stride(from: 0, to: descriptors.count, by: Self.mostDescriptors) {
            let part = descriptors[start..<min(start + Self.mostDescriptors, descriptors.count)]
            try send(["FDSTORE=1", name], Array(part))
        }
    }

    private func send(_ lines: [String], _ descriptors: [CInt] = []) throws(SupervisorError) {
        let text = Array(lines.joined(separator: "\n").utf8)
        guard yett_send_datagram(address, address.count, text, text.count, descriptors, descriptors.count) == 0 else {
            throw SupervisorError(code: errno)
        }
    }

    /// A line of text: what stands behind a line break would count as another message.
    private static func line(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}

/// The service manager does not hear.
struct SupervisorError: Error, CustomStringConvertible {
    let code: CInt

    var description: String { "the service manager does not hear: \(String(cString: strerror(code)))" }
}
