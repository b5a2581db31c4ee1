// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import NIOCore
import Protobufs
import SwiftProtobuf
import Testing

@testable import WorkloadClient

@Suite struct WorkloadMessageReaderTests {
    private let workspace: Workspace
    private let other: Workspace

    init() throws {
        let clock = ManualClock()
        workspace = try Workspace(clock: clock)
        other = try Workspace(domain: "other.test", clock: clock)
    }

    private func read(
        _ message: some Message, _ method: WorkloadMethod = .fetchX509SVID, limits: WorkloadClientLimits = .init(),
        later: Int64 = 0
    ) throws -> WorkloadUpdate {
        let reader = WorkloadMessageReader(
            limits: limits, trustDomain: workspace.domain, own: [workspace.domain], now: workspace.clock.now + later)
        return try reader.read(ByteBuffer(bytes: try message.serializedBytes() as [UInt8]), of: method)
    }

    private func refusal(of message: some Message, _ method: WorkloadMethod = .fetchX509SVID) -> MessageError? {
        do {
            _ = try read(message, method)
            return nil
        } catch {
            return error as? MessageError
        }
    }

    private func identity() throws -> WorkloadX509SVID {
        Messages.identity(try workspace.issue(), bundle: workspace.bundleBytes)
    }

    @Test func `takes identities with their bundles and those of others`() throws {
        let message = Messages.identities(
            [
                try identity(),
                Messages.identity(try workspace.issue("/agent/b"), bundle: workspace.bundleBytes, hint: "b"),
            ], federated: ["spiffe://other.test": other.bundleBytes])
        guard case .identities(let svids, let bundles) = try read(message) else {
            Issue.record("another update")
            return
        }
        #expect(svids.map(\.id.path) == ["/agent/a", "/agent/b"])
        #expect(svids.map(\.hint) == ["", "b"])
        #expect(Set(bundles.bundles.keys) == [workspace.domain, other.domain])
        #expect(bundles.leftOut.isEmpty)
    }

    @Test func `of several identities with one hint the first one counts`() throws {
        let svids = try ["/agent/a", "/agent/b", "/agent/c"].map {
            Messages.identity(try workspace.issue($0), bundle: workspace.bundleBytes, hint: $0 == "/agent/c" ? "" : "x")
        }
        guard case .identities(let taken, _) = try read(Messages.identities(svids)) else { return }
        #expect(taken.map(\.id.path) == ["/agent/a", "/agent/c"])
    }

    /// A change that makes a message unusable.
    enum Fault: String, CaseIterable, Sendable {
        case nothing, noIdentity, noID, noChain, noKey, noBundle, idInUpperCase, idOfAnother, idOfTrustDomain
        case keyOfAnother, keyCutOff, chainCutOff, chainWithTail, chainReversed, rootAsChain, bundleOfAnother
        case bundleCutOff, bundleOfNobody, longHint, otherTrustDomain, twoBundles, ownBundleAgain, nameless
        case nameTwice, tooMany

        func apply(_ test: WorkloadMessageReaderTests) throws -> WorkloadX509SVIDResponse {
            var one = try test.identity()
            let (own, foreign) = (test.workspace.bundleBytes, test.other.bundleBytes)
            switch self {
            case .nothing: return WorkloadX509SVIDResponse()
            case .noIdentity: return Messages.identities([], federated: ["other.test": foreign])
            case .noID: one.spiffeID = ""
            case .noChain: one.x509Svid = Data()
            case .noKey: one.x509SvidKey = Data()
            case .noBundle: one.bundle = Data()
            case .idInUpperCase: one.spiffeID = "SPIFFE://example.test/agent/a"
            case .idOfAnother: one.spiffeID = "spiffe://example.test/agent/b"
            case .idOfTrustDomain: one.spiffeID = "spiffe://example.test"
            case .keyOfAnother: one.x509SvidKey = Data(SigningKey.generate().secretPKCS8())
            case .keyCutOff: one.x509SvidKey = one.x509SvidKey.dropLast()
            case .chainCutOff: one.x509Svid = one.x509Svid.dropLast(10)
            case .chainWithTail: one.x509Svid += [0]
            case .chainReversed:
                one.x509Svid = Data(try test.workspace.issue().chain.reversed().flatMap(\.der))
            case .rootAsChain: one.x509Svid = Data(own)
            case .bundleOfAnother: one.bundle = Data(foreign)
            case .bundleCutOff: one.bundle = one.bundle.dropLast(3)
            case .bundleOfNobody: one.bundle = Data([0x30, 0])
            case .longHint: one.hint = String(repeating: "h", count: 1025)
            case .otherTrustDomain:
                one = Messages.identity(try test.other.issue(), bundle: foreign)
            case .twoBundles:
                var second = Messages.identity(try test.workspace.issue("/agent/b"), bundle: own + foreign)
                second.hint = "b"
                return Messages.identities([one, second])
            case .ownBundleAgain: return Messages.identities([one], federated: ["spiffe://example.test": foreign])
            case .nameless: return Messages.identities([one], federated: ["spiffe://other.test/": foreign])
            case .nameTwice:
                return Messages.identities([one], federated: ["other.test": foreign, "spiffe://other.test": foreign])
            case .tooMany: return Messages.identities(Array(repeating: one, count: 65))
            }
            return Messages.identities([one])
        }
    }

    @Test("refuses the whole message", arguments: Fault.allCases)
    func refuses(fault: Fault) throws {
        let error = try #require(refusal(of: fault.apply(self)))
        #expect(!error.description.contains("BEGIN"))
    }

    @Test func `an identity that is over, or not yet valid, is refused`() throws {
        let message = Messages.identities([try identity()])
        #expect(throws: Never.self) { try read(message, later: 3590) }
        #expect(throws: MessageError.self) { try read(message, later: 3700) }
        #expect(throws: MessageError.self) { try read(message, later: -4000) }
    }

    @Test("bytes that are no message are refused", arguments: WorkloadMethod.allCases)
    func refusesGarbage(method: WorkloadMethod) {
        let reader = WorkloadMessageReader(limits: .init(), trustDomain: nil, own: [], now: 0)
        for bytes in [[0xff], [0x0a, 0xff], [0x0a, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], Array("{}".utf8)] {
            #expect(throws: MessageError.self) { try reader.read(ByteBuffer(bytes: bytes as [UInt8]), of: method) }
        }
    }

    @Test func `a bundle of another trust domain that cannot be read costs that trust domain only`() throws {
        let message = Messages.identities([try identity()], federated: ["other.test": [0x30, 0x03, 1, 1, 1]])
        let update = try read(message)
        guard case .identities(let svids, let bundles) = update else { return }
        #expect(svids.count == 1)
        #expect(bundles.bundles[other.domain] == nil)
        #expect(update.leftOut.count == 1)
    }

    @Test func `bundles alone are read as strictly`() throws {
        let good = ["spiffe://example.test": workspace.bundleBytes, "other.test": other.bundleBytes]
        guard case .x509Bundles(let bundles) = try read(Messages.x509Bundles(good), .fetchX509Bundles) else { return }
        #expect(Set(bundles.bundles.keys) == [workspace.domain, other.domain])
        let bad: [(String, [UInt8])] = [
            ("example.test", [1]), ("Example.test", []), ("spiffe://a.test/b", []), ("", []),
        ]
        for (name, bytes) in bad {
            #expect(refusal(of: Messages.x509Bundles([name: bytes]), .fetchX509Bundles) != nil)
        }
        let many = Dictionary(uniqueKeysWithValues: (0...256).map { ("d\($0).test", [UInt8]()) })
        #expect(refusal(of: Messages.x509Bundles(many), .fetchX509Bundles) == .tooManyTrustDomains)
    }

    @Test func `keys of tokens are read for each trust domain by itself`() throws {
        var message = Messages.tokenBundles(of: workspace, other)
        guard case .jwtBundles(let bundles) = try read(message, .fetchJWTBundles) else { return }
        #expect(bundles.bundles.count == 2)
        message.bundles["spiffe://other.test"] = Data("{\"keys\":".utf8)
        guard case .jwtBundles(let rest) = try read(message, .fetchJWTBundles) else { return }
        #expect(Set(rest.bundles.keys) == [workspace.domain])
        #expect(rest.leftOut.count == 1)
        message.bundles["spiffe://example.test"] = Data("{\"keys\":".utf8)
        #expect(refusal(of: message, .fetchJWTBundles) != nil)
    }

    @Test("a message with bytes changed, cut out or cut off is refused, or names what it named", arguments: 0..<4)
    func survivesChanges(seed: UInt64) throws {
        let message = Messages.identities([try identity()], federated: ["other.test": other.bundleBytes])
        let bytes: [UInt8] = try message.serializedBytes()
        let reader = WorkloadMessageReader(
            limits: .init(), trustDomain: workspace.domain, own: [workspace.domain], now: workspace.clock.now)
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(max(bound, 1)))
        }
        for _ in 0..<150 {
            var changed = bytes
            for _ in 0...next(3) {
                let place = next(changed.count)
                switch next(4) {
                case 0: changed[place] ^= UInt8(1 << next(8))
                case 1: changed.removeSubrange(place..<min(place + next(40), changed.count))
                case 2: changed.insert(contentsOf: bytes.prefix(next(60)), at: place)
                default: changed[place] = UInt8(next(256))
                }
                if changed.isEmpty { changed = [0] }
            }
            guard
                case .identities(let svids, let bundles)? = try? reader.read(
                    ByteBuffer(bytes: changed), of: .fetchX509SVID)
            else { continue }
            #expect(svids.allSatisfy { $0.id.description == "spiffe://example.test/agent/a" })
            // Nobody signs a root but itself, so that not all of its bytes are proved by the chain.
            let count = bundles.bundles[workspace.domain]?.authorities.count
            #expect(count == 1)
        }
    }
}
