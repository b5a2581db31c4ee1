// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Protocols
import Transport

/// Phases `clientHello` and `tunnel`: the tunnel is accepted, its first bytes are checked where the grant asks for it, and
/// then bytes pass both ways.
extension ProxyConnection {
    private static let established = ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")

    /// Tells the client that its tunnel is open.
    func acceptTunnel() {
        guard let request, !request.isAccepted else { return }
        request.isAccepted = true
        switch request.form {
        case .connect: write(Self.established)
        case .socks5: write(SOCKSDialogue.accepted)
        case .http: return
        }
        flush()
    }

    func awaitClientHello() {
        phase = .clientHello
        hello = ClientHelloReader()
        deadline = loop.now &+ loop.settings.handshakeTime
        readClientHello()
    }

    func readClientHello() {
        guard let request, let bytes = received, bytes.readableBytes > 0 else {
            if isInputClosed {
                denyTunnel(.tlsServerNameMissing, detail: "the client closed before it sent a ClientHello")
            } else {
                resumeReading()
            }
            return
        }
        let verdict = hello?.read(
            bytes, expecting: request.facts.destination.host,
            allowsEncrypted: request.verdict.obligations.contains(.allowEncryptedClientHello))
        switch verdict {
        case .needMore, nil:
            if isInputClosed {
                denyTunnel(.tlsMalformed, detail: "the client closed in the middle of its ClientHello")
            } else {
                resumeReading()
            }
        case .refused(let reason, let detail):
            denyTunnel(reason, detail: detail)
        case .matches:
            hello = nil
            recordThenDial()
        }
    }

    private func denyTunnel(_ reason: ReasonCode, detail: String) {
        hello = nil
        deny(reason, detail: detail)
    }

    func startTunnel() {
        guard let request, let upstream else { return }
        acceptTunnel()
        phase = .tunnel
        startCarrying(isTunnel: true)
        deadline = loop.now &+ loop.settings.totalTime
        self.request = nil
        _ = request
        upstream.startRelay()
        if let early = received.take(), early.readableBytes > 0 {
            bytesUp &+= early.readableBytes
            upstream.write(early)
            upstream.flush()
        }
        if isInputClosed { upstream.closeOutput() }
        resumeReading()
        upstream.resumeReading()
    }

    func relayUp(_ bytes: ByteBuffer, _ data: NIOAny) {
        bytesUp &+= bytes.readableBytes
        live?.report(up: bytesUp, down: bytesDown)
        guard isCovered(), let clean = screenMessages(bytes, isAnswer: false) else { return }
        upstream?.write(clean)
    }

    /// Bytes from the upstream of a tunnel.
    func relayDown(_ bytes: ByteBuffer) {
        isActive = true
        bytesDown &+= bytes.readableBytes
        live?.report(up: bytesUp, down: bytesDown)
        guard isCovered(), let clean = screenMessages(bytes, isAnswer: true) else { return }
        write(clean)
    }

    /// The client will send nothing more.
    func clientFinished() {
        switch phase {
        case .tunnel:
            upstream?.closeOutput()
            if upstream?.isInputClosed ?? true { end(CutReason(.closed), isOrderly: true) }
        case .head, .clientHello: proceed()
        case .exchange: exchangeInputClosed()
        case .closing: if output == .delivered { context?.close(promise: nil) }
        case .resolving, .recording, .dialing: break
        }
    }

    /// The upstream of a tunnel is gone.
    func upstreamLost() { end(CutReason(.closed), isOrderly: true) }

    /// The upstream of a tunnel will send nothing more.
    func upstreamFinished() {
        if isInputClosed {
            end(CutReason(.closed), isOrderly: true)
        } else {
            closeOutput()
        }
    }
}
