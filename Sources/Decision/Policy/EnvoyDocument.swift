// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Rego

/// Facts in the form of Envoy's `CheckRequest`, with the members that OPA's plugin for Envoy adds.
struct EnvoyDocument {
    let keys: FactKeys

    /// Makes the document in a heap.
    func make(of facts: borrowing Facts, in heap: Heap) -> Value {
        let attributes = heap.emptyObject(capacity: 4)
        let context = heap.emptyObject(capacity: 4)
        heap.insert(keys.operation, keys.operations[facts.operation.name] ?? .undefined, into: context)
        heap.insert(keys.plane, keys.planes[facts.plane] ?? .undefined, into: context)
        if let service = facts.service { heap.insert(keys.service, heap.string(service), into: context) }
        heap.insert(keys.contextExtensions, context, into: attributes)
        heap.insert(keys.destination, destination(facts.destination, heap), into: attributes)
        let request = heap.emptyObject(capacity: 4)
        heap.insert(keys.http, http(facts, heap), into: request)
        heap.insert(keys.time, heap.string(UniversalTime.text(facts.time)), into: request)
        heap.insert(keys.request, request, into: attributes)
        heap.insert(keys.source, source(facts, heap), into: attributes)
        let document = heap.emptyObject(capacity: 8)
        heap.insert(keys.attributes, attributes, into: document)
        heap.insert(keys.parsedBody, .null, into: document)
        if let path = facts.http?.path {
            heap.insert(keys.parsedPath, Self.segments(of: path, heap), into: document)
            heap.insert(keys.parsedQuery, Self.parameters(of: facts.http?.query ?? "", heap), into: document)
        }
        heap.insert(keys.truncatedBody, .boolean(false), into: document)
        let version = heap.emptyObject(capacity: 4)
        heap.insert(keys.encoding, heap.string("protojson"), into: version)
        heap.insert(keys.extAuthz, heap.string("v3"), into: version)
        heap.insert(keys.version, version, into: document)
        return document
    }

    private func http(_ facts: borrowing Facts, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 8)
        let isTunnel = facts.operation.name == .tunnel
        let destination = facts.destination
        let isPlain = !isTunnel && destination.port == (destination.scheme == .https ? 443 : 80)
        let host = heap.string(isPlain ? "\(destination.host)" : "\(destination.host):\(destination.port)")
        let method = heap.string(facts.http?.method ?? (isTunnel ? "CONNECT" : ""))
        let scheme = heap.string(destination.scheme.rawValue)
        let headers = heap.emptyObject(capacity: 4)
        var values: [(name: String, value: String)] = []
        for field in facts.http?.fields ?? [] {
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
        heap.insert(keys.protocol, heap.string("HTTP/1.1"), into: object)
        heap.insert(keys.scheme, scheme, into: object)
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
        return object
    }

    private func destination(_ destination: Destination, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
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
            heap.append(heap.string(decoded(segment, plusIsSpace: false)), to: array)
        }
        return array
    }

    /// The parameters of a query: lists of values by name.
    private static func parameters(of query: String, _ heap: Heap) -> Value {
        let object = heap.emptyObject()
        for part in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            let name = heap.string(decoded(part[..<(equals ?? part.endIndex)], plusIsSpace: true))
            let rest = equals.map { part[part.index(after: $0)...] } ?? part[part.endIndex...]
            let known = object.member(name)
            let list = known.isDefined ? known : heap.emptyArray()
            heap.append(heap.string(decoded(rest, plusIsSpace: true)), to: list)
            heap.insert(name, list, into: object)
        }
        return object
    }

    /// Text without its percent escapes; text whose escapes are none, or give no UTF-8, as it stands.
    private static func decoded(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            text.formIndex(after: &index)
            if byte == UInt8(ascii: "%") {
                let digits = text[index...].prefix(2)
                guard digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) else {
                    return String(Substring(text))
                }
                bytes.append(value)
                index = digits.endIndex
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self) ?? String(Substring(text))
    }
}

/// Unix seconds as RFC 3339 writes them.
enum UniversalTime {
    static func text(_ seconds: Int64) -> String {
        let (day, second) = seconds.quotientAndRemainder(flooringBy: 86_400)
        // Days since 0000-03-01 in eras of 400 years (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
        let (era, dayOfEra) = (day &+ 719_468).quotientAndRemainder(flooringBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
        func pad(_ number: Int64, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))T"
            + "\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))Z"
    }
}

extension Int64 {
    fileprivate func quotientAndRemainder(flooringBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
