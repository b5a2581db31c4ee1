// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Resolver
import Synchronization
import Testing

@Suite struct AresResolverTests {
    /// Looks one name up at a server that answers every question alike.
    private func resolve(
        _ name: String, limits: (inout AresConfiguration) -> Void = { _ in },
        reply: @escaping @Sendable (DNSQuestion) -> DNSReply
    ) async throws -> (result: Result<Answers, ResolveError>, asked: [String]) {
        let server = try TestNameServer(reply)
        defer { server.close() }
        var configuration = server.configuration
        limits(&configuration)
        let resolver = try AresResolver(configuration: configuration)
        defer { resolver.shutDown() }
        let name = try HostName(parsing: name)
        let result = await withCheckedContinuation { continuation in
            resolver.resolve(name) { continuation.resume(returning: $0) }
        }
        return (result, server.asked)
    }

    private func answers(_ texts: [String], ttl: UInt32) throws -> Result<Answers, ResolveError> {
        .success(Answers(addresses: try texts.map { try #require(IPAddress($0)) }, ttl: ttl))
    }

    @Test("asks for both families and puts IPv4 first with the least lifetime")
    func bothFamilies() async throws {
        let (result, asked) = try await resolve("a.test") { question in
            .records([
                .address(question.name, "203.0.114.10", ttl: 300), .address(question.name, "2606:4700::1", ttl: 30),
                .address(question.name, "203.0.114.11", ttl: 300),
            ])
        }
        #expect(try result == answers(["203.0.114.10", "203.0.114.11", "2606:4700::1"], ttl: 30))
        #expect(Set(asked) == ["a.test 1", "a.test 28"])
    }

    @Test("answers with one family when the other has none", arguments: ["203.0.114.10", "2606:4700::1"])
    func oneFamily(text: String) async throws {
        let (result, _) = try await resolve("a.test") { .records([.address($0.name, text)]) }
        #expect(try result == answers([text], ttl: 60))
    }

    @Test("follows aliases and takes their lifetimes into account")
    func aliases() async throws {
        let (result, _) = try await resolve("a.test") { question in
            .records([
                .alias(question.name, "b.test", ttl: 7), .alias("b.test", "c.test", ttl: 90),
                .address("c.test", "203.0.114.10"),
            ])
        }
        #expect(try result == answers(["203.0.114.10"], ttl: 7))
    }

    @Test("asks again over TCP when an answer is truncated")
    func truncated() async throws {
        let texts = (1...40).map { "203.0.114.\($0)" }
        let (result, asked) = try await resolve("a.test") { question in
            .records(texts.map { .address(question.name, $0) }, overTCP: true)
        }
        #expect(try Set(result.get().addresses.map(\.description)) == Set(texts))
        #expect(asked.contains("a.test 1 tcp"))
    }

    @Test(
        "tells a missing name from a failing server",
        arguments: [(3, .notFound), (2, .serverFailure), (5, .serverFailure)] as [(UInt8, ResolveError)])
    func codes(code: UInt8, error: ResolveError) async throws {
        let (result, _) = try await resolve("a.test") { _ in .code(code) }
        #expect(result == .failure(error))
    }

    @Test("a name without addresses is not found")
    func noData() async throws {
        let (result, _) = try await resolve("a.test") { _ in .records([]) }
        #expect(result == .failure(.notFound))
    }

    @Test(
        "does not wait for a family about which the server is silent", arguments: [DNSRecord.typeA, DNSRecord.typeAAAA])
    func silentFamily(type: UInt16) async throws {
        let (result, _) = try await resolve(
            "a.test",
            limits: {
                $0.queryTimeoutMilliseconds = 60_000
                $0.deadlineMilliseconds = 60_000
                $0.resolutionDelayMilliseconds = 20
            }
        ) { question in
            question.type == type
                ? .silence
                : .records([.address(question.name, "203.0.114.10"), .address(question.name, "2606:4700::1")])
        }
        #expect(try result.get().addresses.count == 1)
    }

    @Test("one family's failure does not hide the other's addresses, and is not taken for a missing name")
    func failingFamily() async throws {
        let (mixed, _) = try await resolve("a.test") { question in
            question.type == DNSRecord.typeAAAA ? .code(2) : .records([.address(question.name, "203.0.114.10")])
        }
        #expect(try mixed == answers(["203.0.114.10"], ttl: 60))
        let (none, _) = try await resolve("a.test") { question in
            question.type == DNSRecord.typeAAAA ? .code(2) : .records([])
        }
        #expect(none == .failure(.serverFailure))
    }

    @Test("gives up on silent servers")
    func silence() async throws {
        let (result, asked) = try await resolve("a.test", limits: { $0.queryTimeoutMilliseconds = 20 }) { _ in .silence
        }
        #expect(result == .failure(.timeout))
        #expect(asked.filter { $0 == "a.test 1" }.count == 2)
    }

    @Test("the deadline ends a lookup that the tries would prolong")
    func deadline() async throws {
        let (result, _) = try await resolve(
            "a.test",
            limits: {
                $0.queryTimeoutMilliseconds = 60_000
                $0.deadlineMilliseconds = 30
            }
        ) { _ in .silence }
        #expect(result == .failure(.timeout))
    }

    @Test("survives a server that closes its TCP connections")
    func closedConnections() async throws {
        let server = try TestNameServer(closesTCP: true) {
            .records([.address($0.name, "203.0.114.10")], overTCP: true)
        }
        defer { server.close() }
        var configuration = server.configuration
        configuration.queryTimeoutMilliseconds = 20
        let resolver = try AresResolver(configuration: configuration)
        defer { resolver.shutDown() }
        for number in 0..<30 {
            let result = await Self.outcome(resolver, try HostName(parsing: "n\(number).test"))
            #expect((try? result.get()) == nil)
        }
    }

    @Test(
        "survives garbage",
        arguments: [[], [0], Array(repeating: 0xff, count: 12), Array(repeating: 0xc0, count: 600)] as [[UInt8]])
    func garbage(bytes: [UInt8]) async throws {
        let (result, _) = try await resolve("a.test", limits: { $0.queryTimeoutMilliseconds = 20 }) { _ in .bytes(bytes)
        }
        #expect(result == .failure(.timeout) || result == .failure(.serverFailure))
    }

    @Test("survives a right header before garbage")
    func garbageBody() async throws {
        for fill in [UInt8(0), 0xc0, 0x3f, 0xff] {
            let (result, _) = try await resolve("a.test", limits: { $0.queryTimeoutMilliseconds = 20 }) { question in
                .bytes(
                    DNSRecord.bigEndian(UInt128(question.id), 2) + [0x85, 0x80, 0, 1, 0xff, 0xff, 0, 0, 0, 0]
                        + question.bytes + [UInt8](repeating: fill, count: 300))
            }
            #expect((try? result.get()) == nil)
        }
    }

    @Test("takes no answer with another id")
    func forged() async throws {
        let (mixed, _) = try await resolve("a.test") { question in
            .forged([.address(question.name, "169.254.169.254")], then: [.address(question.name, "203.0.114.10")])
        }
        #expect(try mixed == answers(["203.0.114.10"], ttl: 60))
        let (only, _) = try await resolve("a.test", limits: { $0.queryTimeoutMilliseconds = 20 }) { question in
            .forged([.address(question.name, "169.254.169.254")], then: nil)
        }
        #expect((try? only.get()) == nil)
    }

    @Test("refuses an answer above the limit of addresses")
    func tooMany() async throws {
        let (result, _) = try await resolve("a.test") { question in
            .records((0..<500).map { .address(question.name, "203.\($0 / 250).114.\($0 % 250)") }, overTCP: true)
        }
        #expect(result == .failure(.tooManyAnswers))
        let (exact, _) = try await resolve("a.test", limits: { $0.maximumAnswers = 2 }) { question in
            .records([.address(question.name, "203.0.114.1"), .address(question.name, "203.0.114.2")])
        }
        #expect(try exact.get().addresses.count == 2)
        let (both, _) = try await resolve("a.test", limits: { $0.maximumAnswers = 2 }) { question in
            .records(["203.0.114.1", "203.0.114.2", "2606:4700::1"].map { .address(question.name, $0) })
        }
        #expect(both == .failure(.tooManyAnswers))
    }

    @Test("appends no search domain and asks for single labels as they are")
    func noSearch() async throws {
        let (_, asked) = try await resolve("metadata") { _ in .code(3) }
        #expect(Set(asked) == ["metadata 1", "metadata 28"])
    }

    @Test("reads the hosts file before any server")
    func hostsFile() async throws {
        let (result, asked) = try await resolve("localhost") { _ in .code(3) }
        #expect(try result.get().addresses.contains(#require(IPAddress("127.0.0.1"))))
        #expect(asked.isEmpty)
    }

    @Test("refuses more lookups than the limit, and takes new ones when old ones end")
    func pendingLimit() async throws {
        let server = try TestNameServer { question in
            question.name == "slow.test" ? .silence : .records([.address(question.name, "203.0.114.10")])
        }
        defer { server.close() }
        var configuration = server.configuration
        configuration.maximumPending = 2
        configuration.queryTimeoutMilliseconds = 500
        let resolver = try AresResolver(configuration: configuration)
        defer { resolver.shutDown() }
        let slow = try HostName(parsing: "slow.test")
        async let first = Self.outcome(resolver, slow)
        async let second = Self.outcome(resolver, slow)
        async let third = Self.outcome(resolver, slow)
        let outcomes = await [first, second, third]
        #expect(outcomes.filter { $0 == .failure(.tooManyPending) }.count == 1)
        #expect(outcomes.filter { $0 == .failure(.timeout) }.count == 2)
        #expect(try await resolver.resolve(HostName(parsing: "fast.test")).ttl == 60)
    }

    @Test("a shut down answers what is under way and refuses what comes later")
    func shutDown() async throws {
        let server = try TestNameServer { _ in .silence }
        defer { server.close() }
        var configuration = server.configuration
        configuration.queryTimeoutMilliseconds = 60_000
        configuration.deadlineMilliseconds = 60_000
        let resolver = try AresResolver(configuration: configuration)
        let name = try HostName(parsing: "a.test")
        async let pending = Self.outcome(resolver, name)
        resolver.shutDown()
        #expect(await pending == .failure(.shutDown))
        #expect(await Self.outcome(resolver, name) == .failure(.shutDown))
    }

    @Test("serves many lookups at once")
    func many() async throws {
        let server = try TestNameServer { .records([.address($0.name, "203.0.114.10")]) }
        defer { server.close() }
        let resolver = try AresResolver(configuration: server.configuration)
        defer { resolver.shutDown() }
        let results = try await withThrowingTaskGroup(of: Result<Answers, ResolveError>.self) { group in
            for number in 0..<100 {
                let name = try HostName(parsing: "n\(number).test")
                group.addTask { await Self.outcome(resolver, name) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 100 && results.allSatisfy { (try? $0.get()) != nil })
    }

    private static func outcome(_ resolver: AresResolver, _ name: HostName) async -> Result<Answers, ResolveError> {
        await withCheckedContinuation { continuation in resolver.resolve(name) { continuation.resume(returning: $0) } }
    }
}
