// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Protocols

/// What the authority in a gate signs identities with, as the gate tells the others: a statement that the gate signs.
public struct SharedAuthority: Sendable, Hashable {
    /// When the gate said so, in microseconds since 1970. Of two statements of a gate the later one counts.
    public let time: Int64
    /// Until when it counts, in Unix seconds.
    public let until: Int64
    /// The keys: a SPIFFE bundle of the trust domain.
    public let bundle: TrustBundle

    /// For how long a statement counts, in seconds.
    public static let life: Int64 = 2 * 3_600
    /// The most certificates, and the most keys of tokens, of one gate.
    private static let most = 16

    /// Describes what a gate says.
    ///
    /// - Parameter time: Microseconds since 1970.
    public init(time: Int64, bundle: TrustBundle) {
        self.time = time
        until = time / 1_000_000 &+ Self.life
        self.bundle = bundle
    }

    /// Where it is kept.
    public static func key(_ gate: String) -> ClusterKey { ClusterKey(.authority, gate) }

    /// The statement.
    public var payload: [UInt8] {
        EntryDocument.text([("time", .integer(time)), ("until", .integer(until)), ("bundle", bundle.document)])
    }

    /// Reads a statement.
    ///
    /// - Parameter trustDomain: The one for which all gates speak.
    public init(_ payload: [UInt8], trustDomain: TrustDomain) throws(EntryFault) {
        let document = try EntryDocument(payload, members: ["time", "until", "bundle"])
        time = try document.required("time") { json in
            json.integer.flatMap { (0...Int64.max / 2).contains($0) ? $0 : nil }
        }
        until = try document.required("until") { $0.integer }
        guard (0...time / 1_000_000 &+ Self.life).contains(until) else { throw .malformed("it counts for too long") }
        let json = try document.required("bundle") { $0 }
        let read: BundleDocument
        do throws(BundleDocumentError) {
            read = try BundleDocument(json)
        } catch {
            throw .malformed("\(error)")
        }
        bundle = TrustBundle(read, trustDomain: trustDomain)
        guard bundle.x509.authorities.count <= Self.most, bundle.jwt.authorities.count <= Self.most else {
            throw .malformed("more than \(Self.most) keys of one kind")
        }
    }
}
