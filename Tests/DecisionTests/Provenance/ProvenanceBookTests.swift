// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Protocols
import Testing

/// The provenance of everything that is going on.
@Suite struct ProvenanceBookTests {
    private static let send = ToolAnnotations(effect: .external, roles: ["to": .destination])
    private static let find = ToolAnnotations(effect: .read)

    private func key(_ number: UInt128) -> ProvenanceBook.Key { .task(TaskID(rawValue: number)) }

    private func send(_ book: ProvenanceBook, _ key: ProvenanceBook.Key, to: String, at time: Int64 = 0) -> Bool {
        book.admit(
            key, ProvenanceBook.Beginning(request: "Write to a@example.org", expires: 100), tool: "send",
            arguments: ["to": .string(to)], annotations: Self.send, at: time
        ).isAllowed
    }

    private func note(_ book: ProvenanceBook, _ key: ProvenanceBook.Key, _ mail: String, bytes: Int = 10) {
        book.note(
            ["mail": .string(mail)], of: "find", arguments: [:], annotations: Self.find, for: key, bytes: bytes)
    }

    @Test func `Tasks are apart from one another`() {
        let book = ProvenanceBook()
        #expect(send(book, key(1), to: "a@example.org"))
        note(book, key(1), "b@example.org")
        #expect(send(book, key(1), to: "b@example.org"))
        #expect(!send(book, key(2), to: "b@example.org"))
        note(book, key(3), "b@example.org")
        #expect(book.count == 2)
    }

    @Test func `Nothing that is in use is dropped for room`() {
        var limits = ProvenanceBook.Limits()
        limits.entries = 2
        let book = ProvenanceBook(limits: limits)
        #expect(send(book, key(1), to: "a@example.org", at: 1))
        #expect(send(book, key(2), to: "a@example.org", at: 1))
        #expect(!send(book, key(3), to: "a@example.org", at: 1))
        book.forget(key(1))
        #expect(send(book, key(3), to: "a@example.org", at: 1))
        #expect(book.count == 2)
        let later = book.admit(
            key(4), ProvenanceBook.Beginning(request: "Write to a@example.org", expires: 500), tool: "send",
            arguments: ["to": "a@example.org"], annotations: Self.send, at: 101)
        #expect(later.isAllowed)
        #expect(book.count == 1)
    }

    @Test func `Beyond the bound nothing vouches`() {
        var limits = ProvenanceBook.Limits()
        limits.bytes = 100
        let book = ProvenanceBook(limits: limits)
        #expect(send(book, key(1), to: "a@example.org"))
        note(book, key(1), "b@example.org", bytes: 101)
        #expect(!send(book, key(1), to: "b@example.org"))
        note(book, key(1), "c@example.org", bytes: 100)
        #expect(send(book, key(1), to: "c@example.org"))
        note(book, key(1), "d@example.org", bytes: 1)
        #expect(!send(book, key(1), to: "d@example.org"))
        book.forget(key(1))
        #expect(send(book, key(1), to: "a@example.org"))
        note(book, key(1), "d@example.org", bytes: 100)
        #expect(send(book, key(1), to: "d@example.org"))
    }

    @Test func `An agent without a task begins anew when it rests or grows old`() throws {
        let agent = ProvenanceBook.Key.agent(try SPIFFEID(agent: "bot", in: try TrustDomain(parsing: "example.org")))
        func send(_ book: ProvenanceBook, at time: Int64) -> Bool {
            book.admit(
                agent, ProvenanceBook.Beginning(), tool: "send", arguments: ["to": "b@example.org"],
                annotations: Self.send, at: time
            ).isAllowed
        }
        for times in [[0, 1799, 3598, 5398], Array(stride(from: Int64(0), through: 28_800, by: 900))] as [[Int64]] {
            let book = ProvenanceBook()
            _ = send(book, at: times[0])
            note(book, agent, "b@example.org")
            for time in times.dropFirst().dropLast() { #expect(send(book, at: time) || time > 20 * 900) }
            #expect(!send(book, at: times[times.count - 1]))
        }
    }

    @Test func `The choices of each service are its own`() {
        let book = ProvenanceBook()
        var settings = ProvenanceSettings()
        settings.ungrantedCalls = 1
        func send(_ settings: ProvenanceSettings?) -> Bool {
            book.admit(
                key(1), ProvenanceBook.Beginning(request: "Write to a@example.org", expires: 100), tool: "send",
                arguments: ["to": "a@example.org"], annotations: Self.send, settings: settings, at: 0
            ).isAllowed
        }
        #expect(send(settings))
        #expect(!send(settings))
        #expect(send(nil))
    }
}
