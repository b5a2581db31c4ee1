// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Protocols
internal import Rego

/// Facts in the form of Envoy's `CheckRequest`, with the members that OPA's plugin for Envoy adds.
struct EnvoyDocument {
    let keys: FactKeys

    /// Makes the document in a heap.
    ///
    /// - Parameter hidesCredentials: Whether what clients show as theirs is left out, for whoever keeps the document.
    /// - Throws: ``EnvoyBody/Failure`` when a body is not what its type says.
    func make(
        of facts: borrowing Facts, in heap: Heap, hidesCredentials: Bool = false
    ) throws(EnvoyBody.Failure) -> Value {
        let attributes = heap.emptyObject(capacity: 4)
        let context = heap.emptyObject(capacity: 4)
        heap.insert(keys.operation, keys.operations[facts.operation.name] ?? .undefined, into: context)
        heap.insert(keys.plane, keys.planes[facts.plane] ?? .undefined, into: context)
        if let service = facts.service { heap.insert(keys.service, heap.string(service), into: context) }
        for (name, value) in facts.carried?.extensions ?? [] {
            heap.insert(heap.string(name), heap.string(value), into: context)
        }
        heap.insert(keys.contextExtensions, context, into: attributes)
        heap.insert(keys.destination, destination(facts, heap), into: attributes)
        let request = heap.emptyObject(capacity: 4)
        heap.insert(keys.http, http(facts, heap, hidesCredentials), into: request)
        heap.insert(keys.time, heap.string(UniversalTime.text(facts.time)), into: request)
        heap.insert(keys.request, request, into: attributes)
        heap.insert(keys.source, source(facts, heap), into: attributes)
        let document = heap.emptyObject(capacity: 8)
        heap.insert(keys.attributes, attributes, into: document)
        let body = try facts.carried.map { carried throws(EnvoyBody.Failure) in try EnvoyBody(carried, heap) }
        heap.insert(keys.parsedBody, body?.parsed ?? .null, into: document)
        if let path = facts.http?.path {
            heap.insert(keys.parsedPath, Self.segments(of: path, heap), into: document)
            heap.insert(keys.parsedQuery, QueryText.parameters(of: facts.http?.query ?? "", heap), into: document)
        }
        heap.insert(keys.truncatedBody, .boolean(body?.isTruncated ?? false), into: document)
        let version = heap.emptyObject(capacity: 4)
        heap.insert(keys.encoding, heap.string("protojson"), into: version)
        heap.insert(keys.extAuthz, heap.string("v3"), into: version)
        heap.insert(keys.version, version, into: document)
        return document
    }

    private static let credentials = ["authorization", "cookie", "proxy-authorization"]

    private func http(_ facts: borrowing Facts, _ heap: Heap, _ hidesCredentials: Bool) -> Value {
        let object = heap.emptyObject(capacity: 8)
        let carried = facts.carried
        let isTunnel = facts.operation.name == .tunnel
        let destination = facts.destination
        let isPlain = !isTunnel && destination.port == (destination.scheme == .https ? 443 : 80)
        let host = heap.string(
            carried?.host ?? (isPlain ? "\(destination.host)" : "\(destination.host):\(destination.port)"))
        let method = heap.string(facts.http?.method ?? (isTunnel ? "CONNECT" : ""))
        let scheme = heap.string(carried?.scheme ?? destination.scheme.rawValue)
        let headers = heap.emptyObject(capacity: 4)
        var values: [(name: String, value: String)] = []
        for field in carried?.fields ?? facts.http?.fields ?? [] {
            if hidesCredentials, Self.credentials.contains(where: { $0.utf8.elementsEqual(field.name.utf8) }) {
                continue
            }
            // Envoy joins the values of one name.
            if let known = values.firstIndex(where: { $0.name.utf8.elementsEqual(field.name.utf8) }) {
                values[known].value += ",\(field.value)"
            } else {
                values.append((field.name, field.value))
            }
        }
        for (name, value) in values { heap.insert(heap.string(name), heap.string(value), into: headers) }
        heap.insert(keys.authorityField, host, into: headers)
        heap.insert(keys.methodField, method, into: headers)
        if let path = facts.http?.path {
            let target = heap.string(facts.http?.query.map { "\(path)?\($0)" } ?? path)
            heap.insert(keys.pathField, target, into: headers)
            heap.insert(keys.path, target, into: object)
        }
        heap.insert(keys.schemeField, scheme, into: headers)
        heap.insert(keys.headers, headers, into: object)
        heap.insert(keys.host, host, into: object)
        heap.insert(keys.method, method, into: object)
        heap.insert(keys.protocol, heap.string(carried?.version ?? "HTTP/1.1"), into: object)
        heap.insert(keys.scheme, scheme, into: object)
        guard let carried else { return object }
        heap.insert(keys.id, heap.string(carried.id), into: object)
        // JSON of Protocol Buffers writes 64 bits as text.
        heap.insert(keys.size, heap.string(String(carried.size)), into: object)
        guard !carried.body.isEmpty else { return object }
        if let text = String(validating: carried.body, as: UTF8.self) {
            heap.insert(keys.body, heap.string(text), into: object)
        }
        if carried.isPacked {
            heap.insert(keys.rawBody, heap.string(StrictBase64.standard.text(carried.body)), into: object)
        }
        return object
    }

    private func source(_ facts: borrowing Facts, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        if case .tcp(let address, let port) = facts.source {
            heap.insert(keys.address, socketAddress(heap.string(address.description), port, heap), into: object)
        }
        if let identity = facts.identity {
            heap.insert(keys.principal, heap.string(identity.id.description), into: object)
        }
        if let certificate = facts.carried?.certificate, !certificate.isEmpty {
            heap.insert(keys.certificate, heap.string(certificate), into: object)
        }
        return object
    }

    private func destination(_ facts: borrowing Facts, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        if case .tcp(let address, let port)? = facts.carried?.destination {
            heap.insert(keys.address, socketAddress(heap.string(address.description), port, heap), into: object)
            return object
        }
        let destination = facts.destination
        var address = Value.undefined
        if case .address(let literal) = destination.host { address = heap.string(literal.description) }
        heap.insert(keys.address, socketAddress(address, destination.port, heap), into: object)
        return object
    }

    private func socketAddress(_ address: Value, _ port: UInt16, _ heap: Heap) -> Value {
        let inner = heap.emptyObject(capacity: 4)
        if address.isDefined { heap.insert(keys.address, address, into: inner) }
        heap.insert(keys.portValue, .integer(Int64(port)), into: inner)
        let outer = heap.emptyObject(capacity: 4)
        heap.insert(keys.socketAddress, inner, into: outer)
        return outer
    }

    /// The segments of a path, each decoded by itself, so that no encoded slash makes two of one.
    private static func segments(of path: String, _ heap: Heap) -> Value {
        let array = heap.emptyArray()
        let bytes = path.utf8.first == UInt8(ascii: "/") ? path.utf8.dropFirst() : path.utf8[...]
        for segment in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            heap.append(heap.string(QueryText.decoded(segment, plusIsSpace: false)), to: array)
        }
        return array
    }
}
