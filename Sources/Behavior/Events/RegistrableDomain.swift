// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The part of a host name that somebody registered, without a list of all public suffixes: two labels, or three where
/// the second-last is one of the usual categories below a country, or one under which strangers have names beside one
/// another.
///
/// It errs towards the longer name, which is one more first sight and never one fewer.
public enum RegistrableDomain {
    /// Categories below the domains of countries.
    private static let categories: Set<String> = [
        "ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "mil", "ne", "net", "nom", "or", "org", "sch",
    ]
    /// Domains below which everybody can have a name.
    private static let shared: Set<String> = [
        "appspot.com", "azurewebsites.net", "blogspot.com", "cloudfront.net", "firebaseapp.com", "fly.dev", "github.io",
        "gitlab.io", "glitch.me", "herokuapp.com", "localhost.run", "netlify.app", "ngrok.app", "ngrok.io",
        "onrender.com",
        "oast.fun", "oast.me", "oast.pro", "pages.dev", "railway.app", "requestbin.net", "run.app", "trycloudflare.com",
        "vercel.app", "web.app", "workers.dev",
    ]

    /// The registrable domain of a host in canonical form; an address is its own.
    public static func of(_ host: String) -> String {
        let bytes = host.utf8
        let tail = bytes.lastIndex(of: UInt8(ascii: ".")).map { bytes[bytes.index(after: $0)...] } ?? bytes[...]
        guard !tail.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), !bytes.contains(UInt8(ascii: ":")) else { return host }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count > 2, let last = labels.last else { return host }
        let isCountry = last.count == 2
        let second = String(decoding: labels[labels.count - 2], as: UTF8.self)
        let pair = second + "." + String(decoding: last, as: UTF8.self)
        // Storage and functions of the large providers stand several labels deep.
        if pair == "amazonaws.com" || pair == "windows.net" || pair == "googleapis.com" { return host }
        let count = (isCountry && categories.contains(second)) || shared.contains(pair) ? 3 : 2
        return labels.suffix(count).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }
}
