// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Protocols

/// The public keys of what a gate signs for itself, as it tells the other gates: a statement that it signs.
public struct SharedKeys: Sendable, Hashable {
    /// When the gate said so, in microseconds since 1970. Of two statements of a gate the later one counts.
    public let time: Int64
    /// The keys, with the times within which they verify.
    public let keys: [TimedKey]

    /// The most keys of one gate.
    public static let most = 8
    /// The longest time for which a key may be announced, in seconds.
    public static let longest: Int64 = 3 * 86_400

    /// Describes what a gate says.
    public init(time: Int64, keys: [TimedKey]) {
        self.time = time
        self.keys = keys
    }

    /// Where a gate's keys are kept.
    public static func key(_ gate: String) -> ClusterKey { ClusterKey(.keys, gate) }

    /// The statement.
    public var payload: [UInt8] {
        EntryDocument.text([
            ("time", .integer(time)),
            (
                "keys",
                .array(
                    keys.map { key in
                        var object = JSONObject()
                        object["jwk"] = key.key.jsonWebKey.json
                        object["not_before"] = .integer(key.from)
                        object["not_after"] = .integer(key.until)
                        return .object(object)
                    })
            ),
        ])
    }

    /// Reads a statement.
    ///
    /// - Throws: ``EntryFault`` when anything of it is wrong; one bad key spoils all.
    public init(_ payload: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(payload, members: ["time", "keys"])
        let time = try document.required("time") { json in
            json.integer.flatMap { (0...Int64.max / 2).contains($0) ? $0 : nil }
        }
        self.time = time
        keys = try document.required("keys") { json -> [TimedKey]? in
            guard let array = json.array, array.count <= Self.most else { return nil }
            let keys = array.compactMap { Self.key($0, at: time / 1_000_000) }
            let names = Set(keys.compactMap(\.key.jsonWebKey.keyID))
            return keys.count == array.count && names.count == keys.count ? keys : nil
        }
    }

    /// A key is named by its own thumbprint, so that none can pass for another gate's.
    private static func key(_ json: JSONValue, at time: Int64) -> TimedKey? {
        guard let object = json.object, object.names.count == 3, let jwk = object["jwk"],
            let from = object["not_before"]?.integer, let until = object["not_after"]?.integer, from <= until,
            (0...time &+ longest).contains(until), let web = try? JSONWebKey(jwk),
            let key = try? VerificationKey(web), key.algorithms == [.es256],
            web.keyID?.utf8.elementsEqual(web.thumbprint.utf8) ?? false
        else { return nil }
        return TimedKey(key: key, from: from, until: until)
    }
}
