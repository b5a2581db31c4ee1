// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser
import PolicyBundle
import PolicyTool

/// With what bundles are signed.
struct PolicySigningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A PEM file with the private key; for HS256 and the like also the secret.", valueName: "key")
    )
    var signingKey: String?

    @Option(help: ArgumentHelp("The algorithm, such as RS256, ES256 or HS256.", valueName: "name"))
    var signingAlg = "RS256"

    @Option(help: ArgumentHelp("The name of the key, by which the verifier finds it.", valueName: "name"))
    var signingKeyId = "default"

    @Option(help: ArgumentHelp("What the signature is for.", valueName: "name"))
    var scope: String?

    /// The signer, if a key was given.
    func signer() throws -> BundleSigner? {
        try signingKey.map {
            try BundleKeys.signer(key: $0, algorithm: signingAlg, identifier: signingKeyId, scope: scope)
        }
    }
}
