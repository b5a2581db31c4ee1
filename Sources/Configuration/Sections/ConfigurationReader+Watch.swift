// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    private static var modes: KeyValuePairs<String, WatchConfiguration.Mode> {
        ["off": .off, "observe": .observe, "enforce": .enforce]
    }

    /// Reads `watch`.
    func readWatch(_ value: Value) -> WatchConfiguration {
        var watch = WatchConfiguration()
        guard var section = value.mapping("watch") else { return watch }
        if let mode = section.value("mode")?.word(Self.modes) { watch.mode = mode }
        section.finish()
        return watch
    }
}
