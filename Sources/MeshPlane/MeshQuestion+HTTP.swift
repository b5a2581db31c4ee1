// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension MeshQuestion {
    /// Where questions of the HTTP variant stand: Envoy writes this and the service's name before the path of the request
    /// (`path_prefix`), so that no request can choose its service.
    static let httpPrefix = "/yett/authorize/"

    /// Why a request is no question of the HTTP variant.
    enum HTTPFailure: Error, Sendable, Hashable {
        /// It names no service.
        case service
        /// Not exactly one field says who was verified, or it cannot be read.
        case client
        /// A field stands twice that must not.
        case fields
    }

    /// What a request of the HTTP variant asks: the request's own method, path, host and the fields that Envoy passes on.
    init(http head: HTTPQuestionHead, body: [UInt8]) throws(HTTPFailure) {
        let rest = head.path.utf8.dropFirst(Self.httpPrefix.utf8.count)
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")), slash > rest.startIndex else { throw .service }
        extensions = ["service": String(rest[..<slash]) ?? ""]
        target = String(rest[slash...]) ?? ""
        (method, host, scheme) = (head.method, head.host, head.scheme)
        var clients: [String] = []
        var seen: [String: String] = [:]
        for (name, value) in head.fields {
            switch name {
            case "x-forwarded-client-cert": clients.append(value)
            case "yett-task", Self.partialField:
                guard seen[name] == nil else { throw .fields }
                seen[name] = value
            default: seen[name] = seen[name].map { "\($0),\(value)" } ?? value
            }
        }
        guard clients.count <= 1 else { throw .client }
        if let text = clients.first {
            do throws(ForwardedClient.Failure) {
                let client = try ForwardedClient(text)
                principal = client.uri
                certificate = client.certificate
            } catch { throw .client }
        }
        fields = seen.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
        version = "HTTP/1.1"
        self.body = body
        // Only Envoy can say that a body is whole.
        shown = Self.shown(seen[Self.partialField] ?? (body.isEmpty ? nil : "unknown"), body)
    }
}

extension MeshQuestion.HTTPFailure: CustomStringConvertible {
    /// What is wrong, and what to set in Envoy.
    var description: String {
        switch self {
        case .service:
            "the path names no service; set path_prefix: \(MeshQuestion.httpPrefix)SERVICE"
        case .client:
            "x-forwarded-client-cert is not one element with one URI; set forward_client_cert_details: SANITIZE_SET"
        case .fields: "yett-task or \(MeshQuestion.partialField) stands twice"
        }
    }
}
