// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import Protocols

extension MeshConfiguration {
    /// Writes the section.
    func write(_ writer: inout YAMLWriter) {
        if let address {
            let listener = ListenerConfiguration.Address.tcp(address, port: port)
            writer.entry("address", raw: YAMLScalar.quoted("\(listener)"))
            writer.list("envoys", envoys.map(\.description))
        }
        if let socket {
            writer.entry("socket", socket)
            writer.list("uids", uids.map(String.init))
        }
        if !observe.isEmpty { writer.list("observe", observe) }
        if !follow.isEmpty { writer.list("follow", follow) }
    }
}
