// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision

extension ConfigurationReader {
    /// Reads `prices`: what models cost for a million tokens.
    func readPrices(_ value: Value) -> [String: ModelPrice] {
        guard var section = value.mapping("the prices of models") else { return [:] }
        var prices: [String: ModelPrice] = [:]
        for entry in section.all() {
            guard (1...256).contains(entry.name.utf8.count), entry.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else {
                context.error(entry.place, "the name of a model is expected here, or '*' for every other one")
                continue
            }
            guard var price = entry.value.mapping("a price") else { continue }
            let input = price.required("input").flatMap { money($0) }
            let output = price.required("output").flatMap { money($0) }
            let cached = price.value("cached").map { money($0) }
            price.finish()
            // What is not given costs as much as anything that is read; what is given and wrong has a diagnostic.
            guard let input, let output, let cached = cached ?? input else { continue }
            prices[entry.name] = ModelPrice(input: input, cached: cached, output: output)
        }
        return prices
    }
}
