// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// What an Envoy says of one request, whichever way it asks.
struct MeshQuestion {
    /// How much of a body Envoy shows.
    enum Shown: Sendable, Hashable {
        /// All of it.
        case whole
        /// Its beginning.
        case part
        /// Nothing, and nobody says whether there is one.
        case nothing
    }

    /// Whom the certificate names that Envoy verified; empty for nobody.
    var principal = ""
    /// That certificate, as PEM with percent escapes; empty where Envoy does not pass it on.
    var certificate = ""
    /// Where the client is.
    var source = Source.unknown
    /// Where the request came in.
    var destination = Source.unknown
    /// Envoy's number of the request.
    var id = ""
    /// The request line.
    var method = ""
    var target = ""
    var host = ""
    var scheme = ""
    var version = ""
    /// The fields, names in lower case, in the order of their names.
    var fields: [(name: String, value: String)] = []
    /// The length of the body as Envoy tells it; -1 where it does not know.
    var size: Int64 = -1
    var body: [UInt8] = []
    var isPacked = false
    var shown = Shown.nothing
    /// What the route says.
    var extensions: [String: String] = [:]

    /// What Envoy's field says of the body it shows.
    static let partialField = "x-envoy-auth-partial-body"

    /// The value of a field; Envoy joins the values of one name.
    func field(_ name: String) -> String? {
        fields.first { $0.name.hasBytes(of: name) }?.value
    }
}

extension MeshQuestion {
    /// What Envoy's field says of how much of a body it shows.
    static func shown(_ partial: String?, _ body: [UInt8]) -> Shown {
        if let partial, !partial.utf8.elementsEqual("false".utf8) { return .part }
        // Where Envoy is not to show bodies, a client's own field could call an empty one whole.
        return body.isEmpty ? .nothing : .whole
    }
}
