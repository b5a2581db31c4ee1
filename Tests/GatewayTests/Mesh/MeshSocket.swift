// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// A gate that is asked on its mesh socket, by whoever writes the bytes.
enum MeshSocket {
    /// The configuration: `coder` may read and write below `/open/` of `files`.
    ///
    /// - Parameter uid: Whose processes are Envoys.
    static func text(uid: UInt32 = geteuid()) -> String {
        """
        agents:
          coder:
            attest: [{x509: true}]
            grants:
              - {name: files, service: files, methods: [GET, POST], paths: [/open/]}
        services:
          files: {host: files.gate.test, port: 443, protocol: http, tls: web}
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          entries: [{id: /agent/coder, selectors: ["unix:uid:\(geteuid())"]}]
        mesh:
          socket: $DIRECTORY/mesh.sock
          uids: [\(uid)]
        """
    }
}
