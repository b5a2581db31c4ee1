// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import FoundationEssentials
internal import Hummingbird
internal import Identity
internal import NIOCore

/// What the routes know of one admin request.
struct AdminContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection, from which the kernel's credentials are read.
    let channel: any Channel
    /// Who is asking; set by ``PeerCheck`` before any route runs.
    var caller = Operator(uid: .max, pid: 0)
    /// Who asks at the dashboard; set by ``DashboardDoor`` where somebody signed in.
    var visitor: DashboardVisitor?
    /// The form that was posted at the dashboard.
    var form: FormFields?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Requests are small: a selection, a launch.
    var maxUploadSize: Int { 64 * 1024 }
    var requestDecoder: JSONDecoder { AdminJSON.decoder }
    var responseEncoder: JSONEncoder { AdminJSON.encoder }
}
