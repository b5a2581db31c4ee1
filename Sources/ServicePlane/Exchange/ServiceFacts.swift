// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Protocols

extension Facts {
    /// What is known of a request to a service once its head was read.
    ///
    /// - Parameter fields: Those that pass, where the policy looks at fields; else `nil`.
    init(
        service route: ServiceRoute, _ head: HTTP1RequestHead, in bytes: UnsafeRawBufferPointer,
        identity: VerifiedIdentity?, task: TaskContext?, fields: [MCPField]?, time: Int64, source: Source
    ) {
        self.init(
            identity: identity, plane: .service,
            operation: Operation(head.offersWebSocket(in: bytes) ? .websocket : .request),
            destination: Destination(
                host: route.service.description.host, port: route.service.description.port,
                scheme: route.service.scheme),
            time: time, source: source)
        task?.apply(to: &self)
        service = route.service.name
        let method = head.method == .other ? head.methodRange.text(in: bytes) : head.method.name
        http = HTTPFacts(method: method, path: route.decisionPath, query: head.target.query?.text(in: bytes))
        if head.path.hasParameters { http?.sentPath = String(decoding: route.forwardPath, as: UTF8.self) }
        http?.fields = fields?.map { HTTPFacts.Field(name: $0.name, value: $0.value) }
    }
}

extension HTTP1RequestHead {
    /// The fields that pass on to a service, names in lower case.
    func passingFields(in bytes: UnsafeRawBufferPointer) -> [MCPField] {
        fields.all.compactMap { field in
            guard field.knownName == .other, !fields.isNominated(field, in: bytes) else { return nil }
            let name = field.name.text(in: bytes).lowercased()
            guard !name.utf8.elementsEqual("authorization".utf8) else { return nil }
            return MCPField(name, field.value.text(in: bytes))
        }
    }
}
