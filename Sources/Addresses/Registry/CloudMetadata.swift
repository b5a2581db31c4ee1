// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Addresses at which clouds hand credentials and configuration to whoever asks from inside a machine.
///
/// Most lie in special-purpose blocks anyway; they are listed so that a refusal can name them, so that the one that looks
/// public is refused too, and so that an exception must name them exactly.
public enum CloudMetadata {
    /// The service behind a metadata address, or nil.
    public static func service(at address: IPAddress) -> String? {
        services[address]
    }

    /// Every address, in the order of their table.
    public static let addresses = entries.compactMap { IPAddress($0.address) }

    static let entries: [(address: String, service: String)] = [
        ("169.254.169.254", "instance metadata of AWS, Azure, Google Cloud, Oracle, DigitalOcean and OpenStack"),
        ("169.254.169.123", "time service of AWS instances"),
        ("169.254.169.253", "name server of AWS instances"),
        ("169.254.170.2", "container credentials of AWS ECS"),
        ("169.254.170.23", "pod credentials of AWS EKS"),
        ("169.254.0.23", "instance metadata of Tencent Cloud"),
        ("169.254.42.42", "instance metadata of Scaleway"),
        ("100.100.100.200", "instance metadata of Alibaba Cloud"),
        ("192.0.0.192", "instance metadata of Oracle Cloud Classic"),
        ("168.63.129.16", "platform address of Azure (WireServer)"),
        ("fd00:ec2::254", "instance metadata of AWS over IPv6"),
        ("fd00:ec2::253", "name server of AWS instances over IPv6"),
        ("fd00:ec2::123", "time service of AWS instances over IPv6"),
        ("fd00:ec2::23", "pod credentials of AWS EKS over IPv6"),
        ("fd20:ce::254", "instance metadata of Google Cloud over IPv6"),
        ("fd00:42::42", "instance metadata of Scaleway over IPv6"),
    ]

    private static let services: [IPAddress: String] = {
        var services: [IPAddress: String] = [:]
        for entry in entries {
            if let address = IPAddress(entry.address) { services[address] = entry.service }
        }
        return services
    }()
}
