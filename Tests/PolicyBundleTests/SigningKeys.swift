// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Keys made for these tests.
enum SigningKeys {
    /// An RSA key.
    static let rsaKey = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEpQIBAAKCAQEAw+1/a7fqY3uTkfXdCAXFNtIeekrVX3fP6j+i8kuSvph+VF7X
        KrO0REJKXfdqyJgkc6uFYeCyCFQVMVNU2N3MtQWA2LJphbg3HmycdnJpxJH41Odk
        0n9e9sIlaz5vZK4Kal1ZbSYJypc5dARa4AwrJ6kWT3PT1ppLnSclR6KT6FJfHrtA
        lSnVLS35eOjQgzYjocQQFkh+wHDXQDltPGwJGdInvnhJuyc3iBiHUAqYGfbmX6r/
        5+JNgNyTwssiCPjOkHp50PH+5ZhjHS5NW5l0DStk+I4bOzdVjfLMiqCKp5eAlWJ2
        y66xsjcNE5LcoZ0T9LH/d064qNN38RI83/Ng+wIDAQABAoIBABkrtFB+5r5UHG/G
        gdhrgVwbH24/mezzZAMonML7AYW56pTlQEhMoO6aA5rR0+akYR55HSAncUfPoY9e
        MMrRp+BjrhtoxFS5B1/BvVIcPclSpYCYn6PJWEZkR9FgyofJMi5bAseaeOyNhASL
        IK+i8JJeTy7y5vatiOROKKRs1wqj/GhheXcJm9oPRRENVdXXhQyZrfT2sd2P3++Z
        LxBQIZVfmlf0sK5ndtgt30UjuhhYXygN7mSykFAdtnJRMijDrzC5sLGlkfubaSNy
        PSo5Fw5xF599CzONU628r0flvbryFDZDiLeMhNJMy+yseD5A0O2Ulczkt4rbCtVE
        LcHwyaECgYEA/3BrmgEFXZk8KmhdimqzXd3WLX3SvK1Q77yL5057VF30DuNwlEEE
        1BCyM4RP3pyl/p85zQAx474wOEu4KfizSeOph4SYWhEa1IJErF/JSyQR5DE6d873
        BQZ+Y/YZtpCwWRHBJgbCMMlwbveH7wBUkpijOTqyel5iSPTIdo3NeuECgYEAxFug
        bYmTApJvkAYl9zvBXaNAX7HvbmvLlvSdpYF6P7e978K4RSQFb1H6odi+OrIpeBrG
        Sl/OybrzEElPMCH47Yv3cUMF15JUwq3YBUcW82VNT+33mEa615bAvcJNOJ6zP0fr
        1xlDBtIyM3Z44J/1cmc3Vs0FbvfMD2Zfe8sKE1sCgYEAshA3Igr2J5IrS9Cm7FeH
        I7cBl4KvhdE3q3b++8ZM2LoJ6NsJXn+Ykw/0eU8Rsjf2yvFKBKrPHFg3GvdFsRRq
        PubSBeMbpSVpU5xfrN2034mMY0sh2+TNc5ZcQuiKciaYl+51e0GY2xOBKgmpm6Ta
        T7rRhZJyWjUzRHJGz8X36GECgYEAvA488Wtm/nmcm0UoK0ZxhOqLBpt1gj1++I5C
        RXZhzJB/Ohc1QBKlmd3buhHI7pIfIUYTTru/YnjHvXtYefKvY2I/k5vrBnDA+Mpi
        L3vMQUNt7fUswgxLeZqJ8bMbHfTwGtUYzCMHjIrXRW5bilXoTq8H0vv8DjEIoF8d
        Z4QnnC0CgYEA8oH1QMrEgIAONodpRRzV89Qs2/4MuUBCpoCqRZS1WBdRE0pHmQpM
        37DcsG7wpr2E3UhJWBr/fBHT6KxUoHCNpJdK+WrX7iU/t7TXx6Vgn9jaiVcQlBy9
        FEhbcqiaMjsX/MeJb4rXWkVF8YOKSD85k1hLmgm1m09waD4nfyVdS/c=
        -----END RSA PRIVATE KEY-----
        """
    /// The public part of the RSA key.
    static let rsaPublicKey = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAw+1/a7fqY3uTkfXdCAXF
        NtIeekrVX3fP6j+i8kuSvph+VF7XKrO0REJKXfdqyJgkc6uFYeCyCFQVMVNU2N3M
        tQWA2LJphbg3HmycdnJpxJH41Odk0n9e9sIlaz5vZK4Kal1ZbSYJypc5dARa4Awr
        J6kWT3PT1ppLnSclR6KT6FJfHrtAlSnVLS35eOjQgzYjocQQFkh+wHDXQDltPGwJ
        GdInvnhJuyc3iBiHUAqYGfbmX6r/5+JNgNyTwssiCPjOkHp50PH+5ZhjHS5NW5l0
        DStk+I4bOzdVjfLMiqCKp5eAlWJ2y66xsjcNE5LcoZ0T9LH/d064qNN38RI83/Ng
        +wIDAQAB
        -----END PUBLIC KEY-----
        """
    /// A key of P-256.
    static let curveKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8BHlkbT9yWWqvwbC
        ekmA5ER5sUtVg7XizQfCev32S7OhRANCAASL2Ql9cCCDN4HfJoPpW++51RHD4lwC
        nS8wsS9pd0Eg9i9F8TYkORwQksGAkelJPBGgUorf+ZFGsOZyHN46JpDX
        -----END PRIVATE KEY-----
        """
    /// Its public part.
    static let curvePublicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEi9kJfXAggzeB3yaD6VvvudURw+Jc
        Ap0vMLEvaXdBIPYvRfE2JDkcEJLBgJHpSTwRoFKK3/mRRrDmchzeOiaQ1w==
        -----END PUBLIC KEY-----
        """
}
