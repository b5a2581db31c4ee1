// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Tells hosts from files and prose by what stands behind the last dot. Keys are those of ``AddressForm/host(_:)``.
enum HostWords {
    /// Whether programs commonly make a link of it although nothing else says that it is one.
    static func isUsual(_ key: [UInt8]) -> Bool {
        let last = lastLabel(key)
        return key.dropFirst().starts(with: "www.".utf8) || usual.contains(last) || last.starts(with: "xn--".utf8)
            || last.contains { $0 >= 0x80 }
    }

    /// Whether it ends like a file and no such domain exists.
    static func isFile(_ key: [UInt8]) -> Bool { files.contains(lastLabel(key)) }

    /// The links that vouch for a host: its own first page.
    static func vouchers(of key: [UInt8]) -> [[UInt8]] {
        let name = Array(key.dropFirst()) + [UInt8(ascii: "/")]
        return ["https://", "http://", "//"].map { [AddressForm.Kind.link.rawValue] + Array($0.utf8) + name }
    }

    private static func lastLabel(_ key: [UInt8]) -> [UInt8] {
        guard let dot = key.lastIndex(of: UInt8(ascii: ".")) else { return [] }
        return Array(key[(dot &+ 1)...])
    }

    private static func set(_ words: String) -> Set<[UInt8]> {
        Set(words.utf8.split(separator: 0x20).map { Array($0) })
    }

    private static let usual = set(
        "com net org edu gov mil int info biz name pro io co ai app dev me ly gl gg tv cc to ws fm im is it st sh so gd "
            + "xyz online site website store shop top club live life link click page space tech cloud digital network "
            + "world news media email chat support help agency center zone vip icu fun pw su us uk eu de fr es nl be ch "
            + "at pl cz se no dk fi ie pt ru ua cn jp kr in au nz ca br mx ar za tk ml ga cf gq")

    private static let files = set(
        "txt docx doc xlsx xls pptx ppt pdf csv tsv json yaml yml xml html htm png jpg jpeg gif svg webp mp3 mp4 wav avi "
            + "log ini toml conf cfg bak tmp gz tar exe dll bin js ts jsx tsx css cpp hpp swift java kt go rb php sql")
}
