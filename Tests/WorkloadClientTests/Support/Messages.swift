// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Authority
import Foundation
import Identity
import Protobufs

/// Messages as an agent sends them.
enum Messages {
    static func identity(_ svid: X509SVID, bundle: [UInt8], hint: String = "") -> WorkloadX509SVID {
        var message = WorkloadX509SVID()
        message.spiffeID = svid.id.description
        message.x509Svid = Data(svid.certificateBytes)
        message.x509SvidKey = Data(svid.key.secretPKCS8())
        message.bundle = Data(bundle)
        message.hint = hint
        return message
    }

    static func identities(
        _ svids: [WorkloadX509SVID], federated: [String: [UInt8]] = [:]
    ) -> WorkloadX509SVIDResponse {
        var message = WorkloadX509SVIDResponse()
        message.svids = svids
        message.federatedBundles = federated.mapValues { Data($0) }
        return message
    }

    static func identities(of workspace: Workspace, path: String = "/agent/a") throws -> WorkloadX509SVIDResponse {
        identities([identity(try workspace.issue(path), bundle: workspace.bundleBytes)])
    }

    static func tokenBundles(of workspaces: Workspace...) -> WorkloadJWTBundlesResponse {
        var message = WorkloadJWTBundlesResponse()
        for workspace in workspaces {
            message.bundles["spiffe://\(workspace.domain)"] = Data(workspace.authority.state.bundle.jwt.keySetBytes)
        }
        return message
    }

    static func x509Bundles(_ bundles: [String: [UInt8]]) -> WorkloadX509BundlesResponse {
        var message = WorkloadX509BundlesResponse()
        message.bundles = bundles.mapValues { Data($0) }
        return message
    }
}
