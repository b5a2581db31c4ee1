// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

/// Tests of whole gates at a real etcd, one after the other: what one measures, no other is to slow.
@Suite(.serialized)
enum ClusterSuites {}
