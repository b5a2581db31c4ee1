// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CTestSupport
import Glibc
import Synchronization

/// A blocking socket that knows nothing of the code under test: every call has a deadline and every byte read is kept.
package final class RawSocket: @unchecked Sendable {
    // Unchecked: the descriptor is set once; it is closed under the lock.
    private let descriptor: CInt
    private let isOpen = Mutex(true)
    private let kept = Mutex<[UInt8]>([])
    private let keepsTranscript: Bool
    private var unread: [UInt8] = []

    /// How long a call may take when nothing else is said, in seconds. A hundred times what a loaded machine needs: who
    /// waits for what comes pays nothing for it.
    package static let patience = 30.0

    init(adopting descriptor: CInt, keepsTranscript: Bool = true) {
        self.descriptor = descriptor
        self.keepsTranscript = keepsTranscript
    }

    deinit { close() }

    /// Connects to a port of 127.0.0.1.
    package static func connect(
        port: UInt16, receiveBuffer: Int32? = nil, keepsTranscript: Bool = true
    ) throws -> RawSocket {
        let descriptor = try make(AF_INET, receiveBuffer)
        var address = SocketName.loopback(port: port)
        return try connect(descriptor, &address, keepsTranscript)
    }

    /// Connects to a Unix socket.
    package static func connect(unix path: String) throws -> RawSocket {
        let descriptor = try make(AF_UNIX, nil)
        var address = SocketName.unix(path: path)
        return try connect(descriptor, &address, true)
    }

    /// Connects over a Unix socket as another user; takes root.
    package static func connect(unix path: String, as user: UInt32) throws -> RawSocket {
        let descriptor = try make(AF_UNIX, nil)
        var address = SocketName.unix(path: path)
        return try connect(descriptor, &address, true, as: user)
    }

    private static func make(_ family: CInt, _ receiveBuffer: Int32?) throws -> CInt {
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketFailure.system("socket", errno) }
        if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        return descriptor
    }

    private static func connect<Address>(
        _ descriptor: CInt, _ address: inout Address, _ keepsTranscript: Bool, as user: UInt32? = nil
    ) throws -> RawSocket {
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let size = socklen_t(MemoryLayout<Address>.size)
                guard let user else { return Glibc.connect(descriptor, $0, size) }
                return yett_connect_as(descriptor, $0, size, user)
            }
        }
        guard result == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw SocketFailure.system("connect", code)
        }
        return adopt(descriptor, keepsTranscript: keepsTranscript)
    }

    static func adopt(_ descriptor: CInt, keepsTranscript: Bool) -> RawSocket {
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        return RawSocket(adopting: descriptor, keepsTranscript: keepsTranscript)
    }

    /// Every byte that was read from the socket so far.
    package var transcript: [UInt8] { kept.withLock { $0 } }

    // MARK: Writing

    /// Writes everything, or throws.
    package func write(_ bytes: some Collection<UInt8>, within seconds: Double = patience) throws {
        let bytes = Array(bytes)
        let written = try writeUntilStuck(bytes, within: seconds)
        guard written == bytes.count else { throw SocketFailure.timeout }
    }

    /// Writes a text.
    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// Writes as long as the peer makes room within `seconds`.
    ///
    /// - Returns: How many bytes went out.
    package func writeUntilStuck(_ bytes: [UInt8], within seconds: Double) throws -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                send(descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                guard try wait(for: POLLOUT, seconds) else { return sent }
            } else if errno != EINTR {
                throw SocketFailure.closed(errno)
            }
        }
        return sent
    }

    // MARK: Reading

    /// Reads some bytes; an empty array stands for the end.
    package func readSome(within seconds: Double = patience) throws -> [UInt8] {
        if !unread.isEmpty {
            defer { unread = [] }
            return unread
        }
        let end = Deadline(seconds)
        while true {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 {
                let bytes = Array(buffer[..<count])
                if keepsTranscript { kept.withLock { $0 += bytes } }
                return bytes
            }
            if errno == EAGAIN {
                guard try wait(for: POLLIN, end.secondsLeft) else { throw SocketFailure.timeout }
            } else if errno != EINTR {
                throw SocketFailure.closed(errno)
            }
        }
    }

    /// Reads exactly `count` bytes.
    package func read(exactly count: Int, within seconds: Double = patience) throws -> [UInt8] {
        try collect(within: seconds) { $0.count >= count ? count : nil }
    }

    /// Reads through the first occurrence of `marker`.
    package func read(through marker: String, within seconds: Double = patience) throws -> [UInt8] {
        let marker = Array(marker.utf8)
        return try collect(within: seconds) { $0.firstRange(of: marker)?.upperBound }
    }

    private func collect(within seconds: Double, until end: ([UInt8]) -> Int?) throws -> [UInt8] {
        let deadline = Deadline(seconds)
        var bytes: [UInt8] = []
        while true {
            if let end = end(bytes) {
                unread = Array(bytes[end...]) + unread
                return Array(bytes[..<end])
            }
            let more = try readSome(within: deadline.secondsLeft)
            guard !more.isEmpty else { throw SocketFailure.ended(bytes) }
            bytes += more
        }
    }

    /// Reads until the peer closes or resets, or until nothing came for `seconds`.
    package func readToEnd(within seconds: Double = patience) -> (bytes: [UInt8], ending: Ending) {
        var bytes: [UInt8] = []
        while true {
            do {
                let more = try readSome(within: seconds)
                if more.isEmpty { return (bytes, .closed) }
                bytes += more
            } catch SocketFailure.timeout {
                return (bytes, .stillOpen)
            } catch {
                return (bytes, .reset)
            }
        }
    }

    /// How a stream of bytes ended.
    package enum Ending: Sendable { case closed, reset, stillOpen }

    // MARK: Ends

    /// Sends FIN; reading goes on.
    package func finishWriting() { shutdown(descriptor, CInt(SHUT_WR)) }

    /// Closes with RST.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Ends both directions without giving the descriptor back, which wakes whoever waits on it.
    func interrupt() { isOpen.withLock { if $0 { shutdown(descriptor, CInt(SHUT_RDWR)) } } }

    /// Closes.
    package func close() {
        isOpen.withLock { isOpen in
            if isOpen { Glibc.close(descriptor) }
            isOpen = false
        }
    }

    private func wait(for events: CInt, _ seconds: Double) throws -> Bool {
        guard seconds > 0 else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        let result = poll(&entry, 1, CInt(min(seconds, 600) * 1000) + 1)
        if result < 0, errno != EINTR { throw SocketFailure.system("poll", errno) }
        return result != 0
    }
}
