// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import LeakDetection
import NIOCore
import Protocols
import Transport

/// What comes back is looked through before the agent has it.
extension ServiceExchange {
    /// Whether answers must be readable.
    var looksThroughAnswers: Bool {
        loop.shared.leaks.isOn && !loop.shared.leaks.passesCoded(leakRules, isAnswer: true)
    }

    /// The head of an answer that passes, without what is taken out of it; every byte keeps its place.
    ///
    /// - Returns: `nil` when the exchange is over.
    func screen(head message: ByteBuffer, _ head: HTTP1ResponseHead) -> ByteBuffer? {
        guard loop.shared.leaks.isOn, head.byteCount <= message.readableBytes else { return message }
        let type = message.withUnsafeReadableBytes { bytes in
            head.fields.first(named: "content-type", in: bytes)?.value.text(in: bytes)
        }
        if head.status != 101 {
            leaks.down = loop.shared.leaks.stream(
                leakRules, isAnswer: true, holding: LeakStream.Holding(contentType: type))
        }
        let (clean, leak) = loop.shared.leaks.screen(
            head: Array(message.readableBytesView.prefix(head.byteCount)), leakRules)
        guard let leak else { return message }
        note(leak)
        guard let clean else {
            refuse(answerWith: leak)
            return nil
        }
        return ByteBuffer(bytes: clean)
    }

    /// Fields behind an answer, without those that may not pass.
    func screen(_ trailers: [TrailerField]) -> [TrailerField] {
        guard loop.shared.leaks.isOn else { return trailers }
        return trailers.compactMap { field in
            let (clean, leak) = loop.shared.leaks.screen(head: Array(field.value.utf8), leakRules)
            guard let leak else { return field }
            note(leak)
            return clean.map { TrailerField(name: field.name, value: String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// Sends a piece of an answer, as far as it may go on now.
    func sendDown(_ bytes: ByteBuffer) {
        guard let step = leaks.down?.take(bytes) else {
            stream?.send(body: bytes)
            return
        }
        guard isClean(answer: step.verdict), step.bytes.readableBytes > 0 else { return }
        stream?.send(body: step.bytes)
    }

    /// Sends what was held back of an answer.
    ///
    /// - Returns: Whether the exchange goes on.
    func screenEndDown() -> Bool {
        guard var down = leaks.down.take() else { return true }
        let step = down.finish()
        guard isClean(answer: step.verdict) else { return false }
        if step.bytes.readableBytes > 0 { stream?.send(body: step.bytes) }
        return true
    }

    /// An answer that is there as a whole, without what is taken out of it.
    ///
    /// - Returns: `nil` when the exchange is over.
    func screen(_ answer: MediatedAnswer) -> MediatedAnswer? {
        guard loop.shared.leaks.isOn else { return answer }
        let (body, leak) = loop.shared.leaks.screen(answer: answer.body, leakRules)
        guard let leak else { return answer }
        note(leak)
        guard let body else {
            refuse(answerWith: leak)
            return nil
        }
        var answer = answer
        answer.body = body
        return answer
    }

    // MARK: WebSockets

    /// Looks through the messages of one direction.
    ///
    /// - Returns: What may pass; `nil` when the exchange is over.
    func screenMessages(_ bytes: ByteBuffer, isAnswer: Bool) -> ByteBuffer? {
        guard leaks.socket != nil else { return bytes }
        guard let step = isAnswer ? leaks.socket?.takeDown(bytes) : leaks.socket?.takeUp(bytes) else { return bytes }
        guard let leak = step.verdict else { return step.bytes }
        note(leak)
        guard leak.action >= .hold else { return step.bytes }
        breakRelay(
            isAnswer ? .upstreamInvalid : .leakFound, Self.detail(leak, isAnswer: isAnswer),
            farewell: LeakSocket.farewell)
        return nil
    }

    // MARK: Runs of code

    /// Looks through a piece of what a run of code says.
    ///
    /// - Returns: What may go on now; `nil` when the exchange is over.
    func screen(output bytes: [UInt8], of name: String) -> [UInt8]? {
        guard loop.shared.leaks.isOn else { return bytes }
        if leaks.outputs[name] == nil {
            leaks.outputs[name] = loop.shared.leaks.stream(leakRules, isAnswer: true, holding: .lines)
        }
        guard let step = leaks.outputs[name]?.take(ByteBuffer(bytes: bytes)) else { return bytes }
        return isClean(answer: step.verdict) ? Array(step.bytes.readableBytesView) : nil
    }

    /// What was held back of what a run of code said, by the name of the output.
    func screenEndOfOutput() -> [(name: String, bytes: [UInt8])] {
        var rests: [(name: String, bytes: [UInt8])] = []
        for name in leaks.outputs.keys.sorted() {
            guard let step = leaks.outputs[name]?.finish(), isClean(answer: step.verdict) else { return [] }
            rests.append((name, Array(step.bytes.readableBytesView)))
        }
        leaks.outputs = [:]
        return rests
    }

    // MARK: Refusals

    private func isClean(answer leak: LeakVerdict?) -> Bool {
        guard let leak else { return true }
        note(leak)
        guard leak.action >= .hold else { return true }
        refuse(answerWith: leak)
        return false
    }

    /// The service, not the agent, is at fault.
    private func refuse(answerWith leak: LeakVerdict) {
        refuseLate(.upstreamInvalid, detail: Self.detail(leak, isAnswer: true))
    }

    private static func detail(_ leak: LeakVerdict, isAnswer: Bool) -> String {
        isAnswer ? "the answer carries what may not come back: \(leak.detail)" : leak.detail
    }
}
