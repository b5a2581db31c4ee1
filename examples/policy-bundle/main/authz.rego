# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
package yett.authz

deny contains {"code": "closed", "message": "the host is closed for now"} if {
	input.destination.host in data.app.closed
}
