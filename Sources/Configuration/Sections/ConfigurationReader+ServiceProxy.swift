// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `service_proxy`.
    func readServiceProxy(_ value: Value) -> ServiceProxyConfiguration? {
        guard var section = value.mapping("service_proxy") else { return nil }
        var proxy = ServiceProxyConfiguration()
        proxy.place = value.place
        proxy.listeners =
            section.value("listeners")?.list("listeners") { readListener($0, speaking: [.http]) } ?? []
        proxy.url = section.value("url").flatMap { readServiceURL($0) }
        proxy.issuers = section.value("issuers").map { readTokenIssuers($0) } ?? []
        if let limits = section.value("limits") {
            proxy.limits = readLimits(
                limits, ServiceProxyLimits(), ServiceProxyLimits.fields, "the limits of service_proxy")
        }
        section.finish()
        return proxy
    }
}
