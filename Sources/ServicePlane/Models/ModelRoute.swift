// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// Which operation of a model's interface a request line means, and what of the line is sent on.
struct ModelRoute {
    /// The operation.
    let api: ModelAPI
    /// The path below the service with its query, as it is sent.
    let target: String
    /// The one model that is asked about, in place of the list of all.
    var model: String?

    /// What a request line does not say rightly.
    enum Failure: Error {
        /// No operation has the path.
        case path
        /// The operation has another method.
        case method(allowed: String)
        /// The query has a meaning that is not known.
        case query
    }

    /// The requests that are read, as a sentence lists them.
    static let readable = ModelAPI.allCases.map { "\($0.method) \($0.path)" }.joined(separator: ", ")

    /// Reads the line of a request. The version may already stand in the service's own path.
    init(_ request: MediatedRequest) throws(Failure) {
        let prefix = "/v1"
        let isVersioned = request.path.utf8.starts(with: "\(prefix)/".utf8)
        let path = isVersioned ? request.path : prefix + request.path
        if let api = ModelAPI.allCases.first(where: { $0.path.utf8.elementsEqual(path.utf8) }) {
            self.api = api
        } else if let model = Self.model(path) {
            api = .modelList
            self.model = model
        } else {
            throw .path
        }
        guard request.method.utf8.elementsEqual(api.method.utf8) else { throw .method(allowed: api.method) }
        target = request.path + (try Self.query(request.query, api))
    }

    /// The model behind the path of the list.
    private static func model(_ path: String) -> String? {
        let prefix = "\(ModelAPI.modelList.path)/"
        guard path.utf8.starts(with: prefix.utf8) else { return nil }
        let model = path.utf8.dropFirst(prefix.utf8.count)
        guard !model.isEmpty, model.count <= 256, model.first != 0x2F, model.last != 0x2F,
            model.allSatisfy({ isPlain($0) || $0 == 0x2F })
        else { return nil }
        return String(decoding: Array(model), as: UTF8.self)
    }

    /// Letters, digits and the marks of names.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || [0x2D, 0x2E, 0x5F, 0x3A].contains(byte)
    }

    /// The query that is sent. Calls have none: `beta=true`, with which a client says what it says in a field as well,
    /// is left out. Lists have pages.
    private static func query(_ query: String?, _ api: ModelAPI) throws(Failure) -> String {
        guard let query, !query.isEmpty else { return "" }
        guard api == .modelList else {
            guard query.utf8.elementsEqual("beta=true".utf8) else { throw .query }
            return ""
        }
        var seen: Set<[UInt8]> = []
        for member in query.utf8.split(separator: 0x26, omittingEmptySubsequences: false) {
            let parts = member.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, let value = parts.dropFirst().first, seen.insert(Array(name)).inserted,
                ["limit", "after_id", "before_id"].contains(where: { $0.utf8.elementsEqual(name) }),
                !value.isEmpty, value.count <= 256, value.allSatisfy(isPlain)
            else { throw .query }
        }
        return "?\(query)"
    }
}
