// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import FoundationEssentials

/// How messages of the admin API are spelled: JSON with member names in `snake_case`.
public enum AdminJSON {
    /// Writes members in the order of their names, so that the same message has the same bytes.
    public static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// Reads what ``encoder`` writes.
    public static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
