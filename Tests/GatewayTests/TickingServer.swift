// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Synchronization

/// A destination that sends a few bytes on every connection again and again, from one thread.
final class TickingServer: Sendable {
    let port: UInt16
    private let listener: CInt
    private let connections = Mutex<[CInt]>([])
    private let isStopped = Atomic<Bool>(false)

    init() {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size)
                getsockname(listener, $0, &size)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        listen(listener, 4096)
        Thread.detachNewThread { [self] in accept() }
        Thread.detachNewThread { [self] in tick() }
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        shutdown(listener, CInt(SHUT_RDWR))
        close(listener)
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            connections.withLock { $0.append(descriptor) }
        }
    }

    private func tick() {
        let bytes = [UInt8](repeating: 0x2e, count: 64)
        while !isStopped.load(ordering: .relaxed) {
            connections.withLock { connections in
                connections.removeAll { descriptor in
                    let count = send(
                        descriptor, bytes, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
                    guard count < 0, errno != EAGAIN else { return false }
                    close(descriptor)
                    return true
                }
            }
            usleep(200_000)
        }
        connections.withLock { for descriptor in $0 { close(descriptor) } }
    }
}
