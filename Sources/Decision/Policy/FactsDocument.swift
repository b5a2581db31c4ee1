// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Protocols
internal import Rego

/// Facts as the input document of a policy. What a plane does not know is absent.
struct FactsDocument {
    /// The members of the document.
    struct Members: OptionSet {
        let rawValue: UInt32

        static let identity = Members(rawValue: 1 << 0)
        static let actorChain = Members(rawValue: 1 << 1)
        static let person = Members(rawValue: 1 << 2)
        static let task = Members(rawValue: 1 << 3)
        static let plane = Members(rawValue: 1 << 4)
        static let service = Members(rawValue: 1 << 5)
        static let operation = Members(rawValue: 1 << 6)
        static let http = Members(rawValue: 1 << 7)
        static let destination = Members(rawValue: 1 << 8)
        static let risk = Members(rawValue: 1 << 9)
        static let time = Members(rawValue: 1 << 10)
        static let source = Members(rawValue: 1 << 11)
        static let all = Members(rawValue: 1 << 12 - 1)

        static let names: KeyValuePairs<Text, Members> = [
            "identity": .identity, "actor_chain": .actorChain, "person": .person, "task": .task, "plane": .plane,
            "service": .service, "operation": .operation, "http": .http, "destination": .destination, "risk": .risk,
            "time": .time, "source": .source,
        ]
    }

    let keys: FactKeys
    /// `data.yett.services`.
    let services: Value
    /// What the policy reads; the rest is left out.
    let members: Members

    /// Makes the document in a heap.
    func make(of facts: borrowing Facts, in heap: Heap) -> Value {
        let document = heap.emptyObject(capacity: members == .all ? 16 : 4)
        if members.isEmpty { return document }
        func add(_ member: Members, _ key: Value, _ value: @autoclosure () -> Value) {
            guard members.contains(member) else { return }
            let value = value()
            if value.isDefined { heap.insert(key, value, into: document) }
        }
        // In the order of the names, so that the document is sorted when it is made.
        if members.contains(.actorChain), !facts.actorChain.isEmpty {
            heap.insert(
                keys.actorChain, heap.array(facts.actorChain.map { heap.string($0.description) }), into: document)
        }
        if members.contains(.destination) {
            heap.insert(keys.destination, destination(facts.destination, heap), into: document)
        }
        if members.contains(.http), let http = facts.http {
            heap.insert(keys.http, self.http(http, heap), into: document)
        }
        if members.contains(.identity), let identity = facts.identity {
            heap.insert(keys.identity, self.identity(identity, heap), into: document)
        }
        if members.contains(.operation) {
            heap.insert(keys.operation, operation(facts.operation, heap), into: document)
        }
        if members.contains(.person), let person = facts.person {
            heap.insert(keys.person, self.person(person, heap), into: document)
        }
        add(.plane, keys.plane, keys.planes[facts.plane] ?? .undefined)
        if members.contains(.risk) { heap.insert(keys.risk, risk(facts.risk, heap), into: document) }
        if members.contains(.service), let service = facts.service {
            heap.insert(keys.service, self.service(service, heap), into: document)
        }
        add(.source, keys.source, source(facts.source, heap))
        if members.contains(.task), let task = facts.task {
            heap.insert(keys.task, self.task(task, heap), into: document)
        }
        add(.time, keys.time, .integer(facts.time))
        return document
    }

    private func identity(_ identity: VerifiedIdentity, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        heap.insert(keys.id, heap.string(identity.id.description), into: object)
        heap.insert(keys.proof, heap.string(identity.proof.description), into: object)
        heap.insert(keys.selectors, Self.strings(identity.selectors, heap), into: object)
        heap.insert(keys.strength, .integer(Int64(identity.strength)), into: object)
        return object
    }

    private func person(_ person: Person, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        heap.insert(keys.authTime, .integer(person.authenticationTime), into: object)
        heap.insert(keys.groups, Self.strings(person.groups, heap), into: object)
        heap.insert(keys.issuer, heap.string(person.issuer), into: object)
        heap.insert(keys.subject, heap.string(person.subject), into: object)
        return object
    }

    private func task(_ task: TaskFacts, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        heap.insert(keys.expires, .integer(task.expires), into: object)
        heap.insert(keys.id, heap.string(task.id), into: object)
        heap.insert(keys.purpose, heap.string(task.purpose), into: object)
        return object
    }

    private func service(_ name: String, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        let text = heap.string(name)
        let configured = services.member(text)
        for key in [keys.labels, keys.protocol] {
            let value = configured.member(key)
            if value.isDefined { heap.insert(key, value, into: object) }
        }
        heap.insert(keys.name, text, into: object)
        return object
    }

    private func operation(_ operation: Operation, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        if let arguments = operation.arguments {
            heap.insert(keys.arguments, Self.value(of: arguments, heap), into: object)
        }
        heap.insert(keys.name, keys.operations[operation.name] ?? .undefined, into: object)
        if let tool = operation.tool { heap.insert(keys.tool, heap.string(tool), into: object) }
        return object
    }

    private func http(_ http: HTTPFacts, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        if let fields = http.fields {
            let headers = heap.emptyObject(capacity: fields.count)
            for field in fields {
                let name = heap.string(field.name)
                let known = headers.member(name)
                let values = known.isDefined ? known : heap.emptyArray()
                heap.append(heap.string(field.value), to: values)
                heap.insert(name, values, into: headers)
            }
            heap.insert(keys.headers, headers, into: object)
        }
        heap.insert(keys.method, heap.string(http.method), into: object)
        if let path = http.path { heap.insert(keys.path, heap.string(path), into: object) }
        if http.path != nil { heap.insert(keys.query, heap.string(http.query ?? ""), into: object) }
        return object
    }

    private func destination(_ destination: Destination, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        if let addresses = destination.addresses {
            heap.insert(keys.addresses, heap.array(addresses.map { heap.string($0.description) }), into: object)
        }
        heap.insert(keys.host, heap.string(destination.host.description), into: object)
        heap.insert(keys.port, .integer(Int64(destination.port)), into: object)
        heap.insert(keys.scheme, heap.string(destination.scheme.rawValue), into: object)
        return object
    }

    private func risk(_ risk: Risk, _ heap: Heap) -> Value {
        let object = heap.emptyObject(capacity: 4)
        heap.insert(keys.score, Self.score(risk.permille, heap), into: object)
        heap.insert(keys.signals, Self.strings(risk.signals, heap), into: object)
        return object
    }

    /// Parts per thousand as a fraction.
    private static func score(_ permille: Int, _ heap: Heap) -> Value {
        guard permille > 0, permille < 1000 else { return .integer(permille <= 0 ? 0 : 1) }
        var digits = String(1000 + permille).utf8.dropFirst()
        while digits.last == UInt8(ascii: "0") { digits = digits.dropLast() }
        return heap.number(Text(bytes: Array("0.".utf8) + Array(digits)))
    }

    private func source(_ source: Source, _ heap: Heap) -> Value {
        let object: Value
        switch source {
        case .tcp(let address, let port):
            object = heap.emptyObject(capacity: 4)
            heap.insert(keys.address, heap.string(address.description), into: object)
            heap.insert(keys.port, .integer(Int64(port)), into: object)
        case .process(let pid, let uid, let gid):
            object = heap.emptyObject(capacity: 4)
            heap.insert(keys.gid, .integer(Int64(gid)), into: object)
            heap.insert(keys.pid, .integer(Int64(pid)), into: object)
            heap.insert(keys.uid, .integer(Int64(uid)), into: object)
        case .unknown: return .undefined
        }
        return object
    }

    static func strings(_ texts: [String], _ heap: Heap) -> Value {
        let array = heap.emptyArray(capacity: texts.count)
        for text in texts { heap.append(heap.string(text), to: array) }
        return array
    }

    /// A JSON value of the program as a value of the policy.
    static func value(of json: JSONValue, _ heap: Heap) -> Value {
        switch json {
        case .null: return .null
        case .bool(let bool): return .boolean(bool)
        case .number(let number): return heap.number(Text(number.text))
        case .string(let string): return heap.string(string)
        case .array(let elements):
            let array = heap.emptyArray(capacity: elements.count)
            for element in elements { heap.append(value(of: element, heap), to: array) }
            return array
        case .object(let object):
            let result = heap.emptyObject(capacity: object.count)
            for member in object.members {
                heap.update(heap.string(member.name), to: value(of: member.value, heap), in: result)
            }
            return result
        }
    }
}
