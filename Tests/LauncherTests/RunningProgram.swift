// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CLauncher
import Foundation
import Synchronization

/// A program under test. One thread gathers its output and waits for its end.
final class RunningProgram: Sendable {
    struct EndedEarly: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        var streams: [[UInt8]] = [[], []]
        var outcome: Outcome?
        var readers: [(text: String, continuation: CheckedContinuation<Void, any Error>)] = []
        var ends: [CheckedContinuation<Outcome, Never>] = []
    }

    let identifier: pid_t
    private let state = Mutex(State())

    init(_ command: [String]) throws {
        var output: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        guard yett_pipe(&output) == 0, yett_pipe(&errors) == 0 else { throw EndedEarly(description: "no pipe") }
        // Close-on-exec from the start, since other tests start programs at the same time; blocking for the program.
        for descriptor in output + errors { _ = fcntl(descriptor, F_SETFL, 0) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errors[1], 2)
        // Threads of a test run with signals blocked, and a run in the background with some ignored.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, command[0], &actions, &attributes, arguments, environ)
        close(output[1])
        close(errors[1])
        guard result == 0 else {
            throw EndedEarly(description: "\(command[0]): \(String(cString: strerror(result)))")
        }
        identifier = process
        let sources = [output[0], errors[0]]
        Thread.detachNewThread { self.gather(sources) }
    }

    func send(_ signal: Int32) {
        Glibc.kill(identifier, signal)
    }

    /// Returns when standard output holds the text; throws when the program ends before.
    func waitForOutput(_ text: String) async throws {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { $0.readers.append((text, continuation)) }
            serveReaders()
        }
    }

    func outcome() async -> Outcome {
        await withCheckedContinuation { continuation in
            let ended = state.withLock { state -> Outcome? in
                if state.outcome == nil { state.ends.append(continuation) }
                return state.outcome
            }
            if let ended { continuation.resume(returning: ended) }
        }
    }

    private func gather(_ sources: [Int32]) {
        var polled = sources.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while polled.contains(where: { $0.fd >= 0 }) {
            guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
            for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
                let count = read(polled[index].fd, &buffer, buffer.count)
                if count > 0 {
                    state.withLock { $0.streams[index] += buffer[..<count] }
                } else {
                    close(polled[index].fd)
                    polled[index].fd = -1
                }
            }
            serveReaders()
        }
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        let ends = state.withLock { state in
            let texts = state.streams.map { String(decoding: $0, as: UTF8.self) }
            state.outcome = Outcome(code: code, output: texts[0], errors: texts[1])
            defer { state.ends = [] }
            return state.ends
        }
        let outcome = state.withLock { $0.outcome }
        if let outcome { for end in ends { end.resume(returning: outcome) } }
        serveReaders()
    }

    private func serveReaders() {
        let (served, failed, outcome) = state.withLock { state in
            let text = String(decoding: state.streams[0], as: UTF8.self)
            let served = state.readers.filter { text.contains($0.text) }
            let others = state.readers.filter { !text.contains($0.text) }
            state.readers = state.outcome == nil ? others : []
            return (served, state.outcome == nil ? [] : others, state.outcome)
        }
        for reader in served { reader.continuation.resume() }
        for reader in failed {
            reader.continuation.resume(throwing: EndedEarly(description: "ended early: \(outcome?.description ?? "")"))
        }
    }
}
