// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Protobufs

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
    func field(_ name: StaticString) -> String? {
        fields.first { field in name.withUTF8Buffer { field.name.utf8.elementsEqual($0) } }?.value
    }
}

extension MeshQuestion {
    /// What a `CheckRequest` says.
    init(_ attributes: Envoy_Service_Auth_V3_AttributeContext) {
        let http = attributes.request.http
        principal = attributes.source.principal
        certificate = attributes.source.certificate
        source = Self.source(attributes.source)
        destination = Self.source(attributes.destination)
        (id, method, target, host) = (http.id, http.method, http.path, http.host)
        (scheme, version, size) = (http.scheme, http.protocol, http.size)
        fields = http.headers.filter { $0.key.utf8.first != UInt8(ascii: ":") }
            .map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
        isPacked = !http.rawBody.isEmpty
        body = isPacked ? Array(http.rawBody) : Array(http.body.utf8)
        extensions = attributes.contextExtensions
        shown = Self.shown(http.headers[Self.partialField], body)
    }

    static func shown(_ partial: String?, _ body: [UInt8]) -> Shown {
        if let partial, !partial.utf8.elementsEqual("false".utf8) { return .part }
        // Where Envoy is not to show bodies, a client's own field could call an empty one whole.
        return body.isEmpty ? .nothing : .whole
    }

    private static func source(_ peer: Envoy_Service_Auth_V3_AttributeContext.Peer) -> Source {
        let place = peer.address.socketAddress
        guard let address = IPAddress(place.address) else { return .unknown }
        return .tcp(address, port: UInt16(clamping: place.portValue))
    }
}
