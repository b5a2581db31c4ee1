// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The methods of etcd that are called.
enum EtcdMethod: String, Sendable {
    case range = "/etcdserverpb.KV/Range"
    case transaction = "/etcdserverpb.KV/Txn"
    case watch = "/etcdserverpb.Watch/Watch"
    case grantLease = "/etcdserverpb.Lease/LeaseGrant"
    case keepLeaseAlive = "/etcdserverpb.Lease/LeaseKeepAlive"
    case revokeLease = "/etcdserverpb.Lease/LeaseRevoke"
    case status = "/etcdserverpb.Maintenance/Status"

    /// How many messages an answer has; nil for a stream.
    var answers: Int? { self == .watch ? nil : 1 }
}
