// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `decision_log`.
    func readDecisionLog(_ value: Value) -> DecisionLogConfiguration {
        var log = DecisionLogConfiguration()
        guard var section = value.mapping("decision_log") else { return log }
        log.file = section.value("file").flatMap { path($0) }
        log.url = section.value("url").flatMap { readURL($0) }
        log.token = section.value("token").flatMap { secret($0) }
        if let labels = section.value("labels") { log.labels = readLabels(labels) }
        log = readLimits(&section, log, DecisionLogConfiguration.fields)
        section.finish()
        if log.token != nil, log.url == nil { value.error("a token needs a url") }
        return log
    }
}
