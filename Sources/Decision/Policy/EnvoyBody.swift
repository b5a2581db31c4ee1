// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// The body of a request that an Envoy carries, as OPA's plugin for Envoy shows it: read where its type says how and all of it
/// is there.
struct EnvoyBody {
    /// What the body says; `null` where it is not read.
    let parsed: Value
    /// Whether a part only was shown.
    let isTruncated: Bool

    /// A body is not what its type says.
    struct Failure: Error {}

    init(_ carried: CarriedFacts, _ heap: Heap) throws(Failure) {
        let type = Self.field("content-type", of: carried) ?? ""
        let isJSON = type.utf8.contains(Self.json)
        guard !carried.body.isEmpty, isJSON || type.utf8.contains(Self.form) else {
            (parsed, isTruncated) = (.null, carried.isPartial)
            return
        }
        let length = Self.field("content-length", of: carried).flatMap { Int($0) }
        isTruncated = carried.isPartial || (length ?? 0) > carried.body.count
        if isTruncated {
            parsed = .null
        } else if isJSON {
            do throws(JSONFailure) {
                parsed = try JSONReader(heap: heap).read(carried.body)
            } catch { throw Failure() }
        } else {
            guard let text = String(validating: carried.body, as: UTF8.self) else { throw Failure() }
            parsed = QueryText.parameters(of: text, heap)
        }
    }

    private static let json = Array("application/json".utf8)
    private static let form = Array("application/x-www-form-urlencoded".utf8)

    private static func field(_ name: String, of carried: CarriedFacts) -> String? {
        carried.fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}

extension String.UTF8View {
    /// Whether some bytes stand anywhere in the text.
    fileprivate func contains(_ bytes: [UInt8]) -> Bool {
        var rest = self[...]
        while rest.count >= bytes.count {
            if rest.starts(with: bytes) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
