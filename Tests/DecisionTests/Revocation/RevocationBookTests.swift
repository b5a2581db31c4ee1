// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Testing

/// What is void, and what came afterwards.
@Suite struct RevocationBookTests {
    private static let now: Int64 = 1_790_000_000
    private static let time: Int64 = now * 1_000_000 + 500_000

    private static func bot() throws -> SPIFFEID {
        try SPIFFEID(agent: "bot", in: try TrustDomain(parsing: "techresolve.local"))
    }

    private static func book(_ revocations: Revocation...) -> RevocationBook {
        var book = RevocationBook()
        for revocation in revocations { _ = book.insert(revocation) }
        return book
    }

    private static func facts(_ basis: ProofBasis) throws -> Facts {
        var facts = try GrantFixture.tunnel("api.openai.com", time: now)
        facts.identity = VerifiedIdentity(proved: try bot(), by: .token, basis: basis)
        return facts
    }

    private static func reason(_ basis: ProofBasis, _ book: RevocationBook) throws -> ReasonCode? {
        book.refusal(of: try facts(basis), in: .empty)?.reason
    }

    @Test func `Of an agent, what is as old as the revocation is void, and what is younger counts`() throws {
        let book = Self.book(Revocation(.agent(try Self.bot()), time: Self.time, origin: "uid:0"))
        let cases: [(ProofBasis, ReasonCode?)] = [
            (ProofBasis(since: Self.time), .agentRevoked), (ProofBasis(since: Self.time - 1), .agentRevoked),
            (ProofBasis(since: Self.time + 1), nil),
            // Whole seconds: that of the revocation is void, whichever part of it was meant.
            (ProofBasis(tokenIssuedAt: Self.now, tokenID: nil, keyID: nil), .agentRevoked),
            (ProofBasis(tokenIssuedAt: Self.now + 1, tokenID: nil, keyID: nil), nil),
            // Of which nothing is known, and times that cannot be.
            (ProofBasis(), .agentRevoked),
            (ProofBasis(tokenIssuedAt: .max, tokenID: nil, keyID: nil), .agentRevoked),
            (ProofBasis(tokenIssuedAt: .min, tokenID: nil, keyID: nil), .agentRevoked),
        ]
        for (basis, reason) in cases { #expect(try Self.reason(basis, book) == reason, "\(basis)") }
    }

    @Test func `The oldest part of a proof decides`() throws {
        let book = Self.book(Revocation(.agent(try Self.bot()), time: Self.time, origin: "uid:0"))
        let connection = ProofBasis(since: Self.time + 9)
        let token = ProofBasis(tokenIssuedAt: Self.now - 9, tokenID: "j", keyID: "k")
        #expect(try Self.reason(connection, book) == nil)
        #expect(try Self.reason(connection.joined(with: token), book) == .agentRevoked)
        #expect(try Self.reason(token.joined(with: connection), book) == .agentRevoked)
        let young = ProofBasis(tokenIssuedAt: Self.now + 9, tokenID: "j", keyID: "k")
        #expect(try Self.reason(connection.joined(with: young), book) == nil)
        #expect(connection.joined(with: young).tokens == ["j"] && connection.joined(with: young).keys == ["k"])
    }

    @Test func `Certificates are judged by when they begin, which authorities write before they sign`() throws {
        var revocation = Revocation(.agent(try Self.bot()), time: Self.time, origin: "uid:0")
        revocation.certificatesFrom = Self.now - 10
        let book = Self.book(revocation)
        for (start, reason) in [
            (Self.now - 11, ReasonCode.agentRevoked), (Self.now - 10, .agentRevoked), (Self.now - 9, nil),
        ] {
            var basis = ProofBasis(since: Self.time + 1)
            basis.certificateStart = start
            #expect(try Self.reason(basis, book) == reason)
            // Without a connection whose age is known, the certificate alone decides.
            basis.since = nil
            #expect(try Self.reason(basis, book) == reason)
        }
    }

    @Test func `Tokens without a time are void when they were there, and new ones are not`() throws {
        let (old, new) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        let book = Self.book(
            Revocation(.agent(try Self.bot()), time: Self.time, tokenDigests: [old], origin: "uid:0"))
        for (digest, reason) in [(old, ReasonCode.agentRevoked), (new, nil)] {
            var basis = ProofBasis(since: Self.time + 1)
            basis.tokenDigest = digest
            #expect(try Self.reason(basis, book) == reason)
        }
    }

    @Test func `A token and a key are void whatever their age, byte by byte`() throws {
        let book = Self.book(
            Revocation(.token(Revocation.ExactText("caf\u{e9}")), time: Self.time, origin: "uid:0"),
            Revocation(.key(Revocation.ExactText("k1")), time: Self.time, origin: "uid:0"))
        func basis(_ token: String, _ key: String) -> ProofBasis {
            ProofBasis(tokenIssuedAt: Self.now + 100, tokenID: token, keyID: key)
        }
        #expect(try Self.reason(basis("caf\u{e9}", "k"), book) == .tokenRevoked)
        // The same for Unicode, and another token.
        #expect(try Self.reason(basis("cafe\u{301}", "k"), book) == nil)
        #expect(try Self.reason(basis("j", "k1"), book) == .keyRevoked)
        #expect(try Self.reason(basis("j", "K1"), book) == nil)
    }

    @Test func `A person's tokens of before are void, and so are chains with a revoked agent`() throws {
        let person = Revocation.PersonName(issuer: "https://idp.test", subject: "7")
        let other = try SPIFFEID(agent: "planner", in: try TrustDomain(parsing: "techresolve.local"))
        let book = Self.book(
            Revocation(.person(person), time: Self.time, origin: "uid:0"),
            Revocation(.agent(other), time: Self.time, origin: "uid:0"))
        for (issued, reason) in [(Self.now, ReasonCode.personRevoked), (Self.now + 1, nil)] {
            // The connection is older than everything.
            var facts = try Self.facts(
                ProofBasis(since: 1).joined(with: ProofBasis(tokenIssuedAt: issued, tokenID: nil, keyID: nil)))
            facts.person = Person(issuer: "https://idp.test", subject: "7", authenticationTime: 0)
            #expect(book.refusal(of: facts, in: .empty)?.reason == reason)
            facts.person?.subject = "77"
            #expect(book.refusal(of: facts, in: .empty) == nil)
            facts.actorChain = [other]
            #expect(book.refusal(of: facts, in: .empty)?.reason == (reason == nil ? nil : .agentRevoked))
        }
    }

    @Test func `A task is void with its agent, its person, those above it, and by itself`() throws {
        var fixture = try TaskFixture()
        var order = try fixture.order([TaskGrant("models")], agent: "planner")
        order.person = Person(issuer: "https://idp.test", subject: "7", authenticationTime: 0)
        let outer = try fixture.start(order)
        let inner = try fixture.start(try fixture.order([TaskGrant("models")], under: outer))
        let basis = ProofBasis(since: .max)
        func reason(_ target: Revocation.Target, _ seconds: Int64, in task: AgentTask) throws -> ReasonCode? {
            let book = Self.book(Revocation(target, time: (TaskFixture.start + seconds) * 1_000_000, origin: "uid:0"))
            var facts = try Self.facts(basis)
            facts.task = task.facts
            return book.refusal(of: facts, in: fixture.authorizer.snapshot.tasks)?.reason
        }
        let person = Revocation.Target.person(Revocation.PersonName(issuer: "https://idp.test", subject: "7"))
        #expect(try reason(.task(outer.id), 0, in: inner) == .taskRevoked)
        #expect(try reason(.task(inner.id), 0, in: outer) == nil)
        #expect(try reason(.agent(try fixture.agent("planner")), 0, in: inner) == .agentRevoked)
        #expect(try reason(.agent(try fixture.agent("planner")), -1, in: inner) == nil)
        #expect(try reason(person, 0, in: inner) == .personRevoked)
        #expect(try reason(person, -1, in: inner) == nil)
        // One that is forgotten, and was revoked.
        let book = Self.book(Revocation(.task(inner.id), time: Self.time, origin: "uid:0"))
        var facts = try Self.facts(basis)
        facts.task = inner.facts
        #expect(book.refusal(of: facts, in: .empty)?.reason == .taskRevoked)
    }

    @Test func `The later of two holds, in each of its parts, and for as long as either`() throws {
        var book = RevocationBook()
        let target = Revocation.Target.agent(try Self.bot())
        _ = book.insert(
            Revocation(target, time: 20, certificatesFrom: 5, tokenDigests: [[1]], expires: 90, origin: "a"))
        let second = book.insert(
            Revocation(target, time: 10, certificatesFrom: 9, tokenDigests: [[2]], expires: 50, why: "w", origin: "b"))
        #expect(second?.time == 20 && second?.certificatesFrom == 9 && second?.tokenDigests == [[1], [2]])
        #expect(second?.expires == 90 && second?.why == "w" && book.count == 1)
        #expect(book.insert(Revocation(target, time: 30, expires: nil, origin: "c"))?.expires == nil)
        #expect(book.purge(at: .max - 1).isEmpty && !book.isEmpty)
    }

    @Test func `A full book refuses a new entry, takes what it knows, and has room when time has passed`() throws {
        var book = RevocationBook(capacity: 2)
        func token(_ name: String, _ expires: Int64) -> Revocation {
            Revocation(.token(Revocation.ExactText(name)), time: 1, expires: expires, origin: "uid:0")
        }
        #expect(book.insert(token("a", 10)) != nil && book.insert(token("b", 20)) != nil)
        #expect(book.insert(token("c", 30)) == nil && book.count == 2)
        #expect(book.insert(token("a", 15)) != nil)
        #expect(!book.isDue(at: 14 - 5) && book.purge(at: 14).isEmpty)
        #expect(book.purge(at: 15).map(\.text) == ["a"])
        #expect(book.insert(token("c", 30)) != nil && book.insert(token("d", 30)) == nil)
        #expect(book.purge(at: 30).count == 2 && book.isEmpty && !book.isDue(at: .max - 1))
    }

    @Test func `The gate's own tokens are void by each of their claims`() throws {
        let (bot, planner) = (try Self.bot(), try TaskFixture().agent("planner"))
        let subject = PersonSubject.text(issuer: "https://idp.test", subject: "7")
        func isVoid(_ target: Revocation.Target, issuedAt: Int64 = RevocationBookTests.now, keyID: String? = "k")
            -> Bool
        {
            let claims = ToolTokenClaims(
                issuer: "https://gate", subject: subject, audience: "a", clientID: bot, actors: [bot, planner],
                call: ToolCall(server: "s", tool: "t"), transaction: "x-1", tokenID: "j", issuedAt: issuedAt,
                expiry: issuedAt + 60)
            return Self.book(Revocation(target, time: Self.time, origin: "uid:0"))
                .voids(claims, keyID: keyID, in: .empty)
        }
        let person = Revocation.PersonName(issuer: "https://idp.test", subject: "7")
        #expect(isVoid(.agent(bot)) && isVoid(.agent(planner)) && isVoid(.person(person)))
        #expect(!isVoid(.agent(bot), issuedAt: Self.now + 1) && !isVoid(.person(person), issuedAt: Self.now + 1))
        #expect(isVoid(.token(Revocation.ExactText("j")), issuedAt: Self.now + 1))
        #expect(isVoid(.key(Revocation.ExactText("k")), issuedAt: Self.now + 1))
        #expect(!isVoid(.key(Revocation.ExactText("k")), keyID: nil))
        #expect(!isVoid(.person(Revocation.PersonName(issuer: "https://idp.test", subject: "8"))))
    }

    @Test func `Names are read as they are written, and nothing else`() throws {
        for (kind, text) in [
            (Revocation.Target.Kind.agent, "spiffe://a.test/agent/b"), (.person, "https://idp.test#a#b"),
            (.task, "t-" + String(repeating: "0", count: 32)), (.token, "x"), (.key, "k"),
        ] {
            let target = try #require(Revocation.Target(kind, text))
            #expect(target.kind == kind && target.text == text)
        }
        for (kind, text) in [
            (Revocation.Target.Kind.agent, "bot"), (.person, "https://idp.test"), (.person, "#x"), (.person, "x#"),
            (.task, "t-1"),
        ] { #expect(Revocation.Target(kind, text) == nil) }
    }

    @Test func `Decisions and reconsidered facts find what was revoked, and a reload keeps it`() throws {
        let fixture = try TaskFixture()
        let facts = try Self.facts(ProofBasis(since: Self.time))
        #expect(fixture.decide(facts, in: nil).effect == .allow)
        let before = fixture.authorizer.generation
        let revocation = Revocation(.agent(try Self.bot()), time: Self.time, why: "lost", origin: "uid:0")
        _ = fixture.authorizer.changeRevocations { $0.insert(revocation) }
        #expect(fixture.authorizer.generation != before)
        for snapshot in [nil, fixture.authorizer.snapshot] {
            if let snapshot { fixture.authorizer.replace(with: snapshot) }
            let verdict = fixture.decide(facts, in: nil)
            #expect(verdict.reason == .agentRevoked && verdict.detail == "lost")
            #expect(fixture.authorizer.foresee(facts).reason == .agentRevoked)
        }
        fixture.authorizer.replace(
            with: try TaskFixture.snapshot(bot: try TaskFixture.standardGrants(), planner: []))
        #expect(fixture.decide(facts, in: nil).reason == .agentRevoked)
        #expect(fixture.decide(try Self.facts(ProofBasis(since: Self.time + 1)), in: nil).effect == .allow)
    }
}
