// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

extension ConfigurationReader {
    /// Reads `mesh`.
    func readMesh(_ value: Value, _ services: [ServiceConfiguration]) -> MeshConfiguration? {
        guard var section = value.mapping("mesh") else { return nil }
        var mesh = MeshConfiguration()
        let address = section.value("address").flatMap {
            socketAddress($0, "an address with a port such as \"127.0.0.1:9191\"", minimumPort: 0)
        }
        let envoys = section.value("envoys")?.list("SPIFFE IDs") { element in
            element.parsed("a SPIFFE ID") { try SPIFFEID(parsing: $0) }
        }
        let socket = section.value("socket")
        let uids = section.value("uids")?.list("user numbers") { $0.integer(0...Int(UInt32.max) - 1).map(UInt32.init) }
        let observe = section.value("observe")?.list("names of services") { serviceName($0, services) }
        let follow = section.value("follow")?.list("names of services") { serviceName($0, services) }
        section.finish()
        mesh.address = address?.address
        mesh.port = address?.port ?? 0
        mesh.envoys = envoys ?? []
        mesh.socket = socket.flatMap { socketPath($0) }
        mesh.uids = uids ?? []
        mesh.observe = observe ?? []
        mesh.follow = follow ?? []
        if address == nil, socket == nil { value.error("one of address and socket says where Envoys ask") }
        if (address == nil) != mesh.envoys.isEmpty, envoys != nil || address != nil {
            value.error("envoys says who may ask at address")
        }
        if (socket == nil) != mesh.uids.isEmpty, uids != nil || socket != nil {
            value.error("uids says whose processes may ask at socket")
        }
        return mesh
    }

    private func serviceName(_ element: Value, _ services: [ServiceConfiguration]) -> String? {
        guard let name = element.text("the name of a service") else { return nil }
        guard services.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            let near = NearestName.of(name, among: services.map(\.name))
            element.error("there is no service of this name", hint: near.map { "did you mean '\($0)'?" })
            return nil
        }
        return name
    }
}
