// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree

/// A witness of other logs: it cosigns a head only after it has stored, durably, that it saw it.
///
/// HTTP is wired elsewhere: `answer` takes the body of `POST <prefix>/add-checkpoint` and gives status and body.
public final class Witness: @unchecked Sendable {
    /// The logs that are witnessed; the name of a key is the origin of its log.
    public let logs: [NoteVerifierKey]

    /// The key with which the witness cosigns.
    public let verifierKey: NoteVerifierKey

    private let key: NoteSigningKey
    private let path: String
    private let lock = ConditionLock()
    private var state: WitnessState

    /// Opens a witness.
    ///
    /// - Parameters:
    ///   - directory: where `witness-key` (made when missing, 0600) and `witness-state` are kept, mode 0700.
    ///   - name: the name under which it cosigns.
    ///   - logs: the keys of the logs to witness.
    public init(directory: String, name: NoteName, logs: [NoteVerifierKey]) throws(AuditLogError) {
        try Files.secureDirectory(directory)
        let keyPath = directory + "/witness-key"
        path = directory + "/witness-state"
        let stored = try Files.readIfPresent(path)
        if stored == nil, !Files.exists(keyPath) {
            key = try KeyFile.create(keyPath, name: name, algorithm: .cosignature)
        } else {
            key = try KeyFile.read(keyPath, name: name, algorithm: .cosignature)
        }
        if let stored {
            guard let state = WitnessState(text: String(decoding: stored, as: UTF8.self)) else {
                throw .insecure(path: path, reason: "is damaged; a witness that forgot what it saw must not cosign")
            }
            self.state = state
        } else {
            state = WitnessState()
            try Files.replace(path, with: [], isDurable: true)
        }
        self.logs = logs
        verifierKey = key.verifier
    }

    /// Judges a request; the state is on the device before a cosignature is returned. May be called from any thread.
    ///
    /// - Parameter time: seconds since 1970.
    public func answer(_ body: [UInt8], time: UInt64) -> WitnessState.Answer {
        lock.withLock {
            var next = state
            let answer = next.answer(body, logs: logs, key: key, time: time)
            guard next != state else { return answer }
            do {
                try Files.replace(path, with: Array(next.text.utf8), isDurable: true)
            } catch {
                return WitnessState.Answer.failure
            }
            state = next
            return answer
        }
    }
}
