# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Yett Authors
"""The checks of dev/check-layers, one concept a file."""
