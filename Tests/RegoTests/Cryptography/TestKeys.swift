// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Keys and certificates made for these tests; the certificates are valid from 2020 to 2090.
enum TestKeys {
    /// A certificate authority.
    static let root = """
        -----BEGIN CERTIFICATE-----
        MIIBZzCCAQygAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjArMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDENMAsGA1UEAwwEUm9vdDAgFw0yMDAxMDIw
        MzA0MDVaGA8yMDkwMDEwMjAzMDQwNVowKzELMAkGA1UEBhMCREUxDTALBgNVBAoM
        BFlldHQxDTALBgNVBAMMBFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQI
        8ZBayolxTgcdSjLHLuzJNm5EADpEZaZkrvK6GfLj/7xe2NJBQFRwGU3eBRfJPFh9
        xlkVRhw8Emi7hCytMrj6oxMwETAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMC
        A0kAMEYCIQCj4Sop/rFWDdb00wwR9LADnyoVcP3PoTk4bG101IHdBAIhAK8RPywU
        biWfnf3V4FQfBr0sP/Pn/st5ijN1T2osqXcN
        -----END CERTIFICATE-----
        """
    /// The same, for names below example.org except bad.example.org.
    static let constrainedRoot = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAUCgAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjArMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDENMAsGA1UEAwwEUm9vdDAgFw0yMDAxMDIw
        MzA0MDVaGA8yMDkwMDEwMjAzMDQwNVowKzELMAkGA1UEBhMCREUxDTALBgNVBAoM
        BFlldHQxDTALBgNVBAMMBFJvb3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQI
        8ZBayolxTgcdSjLHLuzJNm5EADpEZaZkrvK6GfLj/7xe2NJBQFRwGU3eBRfJPFh9
        xlkVRhw8Emi7hCytMrj6o0cwRTAPBgNVHRMBAf8EBTADAQH/MDIGA1UdHgEB/wQo
        MCagDzANggtleGFtcGxlLm9yZ6ETMBGCD2JhZC5leGFtcGxlLm9yZzAKBggqhkjO
        PQQDAgNIADBFAiEA/vQEK7XKSMb4MjP0A/M7iJH+jW0kDgyy2T+ug7BZps8CIAuY
        WZRUXt7mSClJW72F9c1+UfrmECTRluDNrAB5gzXj
        -----END CERTIFICATE-----
        """
    /// Certified by the root; certifies no authorities.
    static let intermediate = """
        -----BEGIN CERTIFICATE-----
        MIIBazCCARCgAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjArMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDENMAsGA1UEAwwEUm9vdDAgFw0yMDAxMDIw
        MzA0MDVaGA8yMDkwMDEwMjAzMDQwNVowLDELMAkGA1UEBhMCREUxDTALBgNVBAoM
        BFlldHQxDjAMBgNVBAMMBUludGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        d/BwFgpwBGomkpKBqDBQWkP7ecrEaqOtVNK7u60nA1SvzSukBl5YyPi5vH0Qyomi
        cSnd93PN5vR+/JnKTLgwoqMWMBQwEgYDVR0TAQH/BAgwBgEB/wIBADAKBggqhkjO
        PQQDAgNJADBGAiEA5a+J4ob3SHHK5y+jg6s6+hr+22EJpaq/GaRsBWE7a/kCIQD5
        PJ8VALqPf9XibS8OBYrRtQvnGfJN4jZb2e+dCFGO3w==
        -----END CERTIFICATE-----
        """
    /// The same name and key, but no authority.
    static let noAuthority = """
        -----BEGIN CERTIFICATE-----
        MIIBZDCCAQqgAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjArMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDENMAsGA1UEAwwEUm9vdDAgFw0yMDAxMDIw
        MzA0MDVaGA8yMDkwMDEwMjAzMDQwNVowLDELMAkGA1UEBhMCREUxDTALBgNVBAoM
        BFlldHQxDjAMBgNVBAMMBUludGVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        d/BwFgpwBGomkpKBqDBQWkP7ecrEaqOtVNK7u60nA1SvzSukBl5YyPi5vH0Qyomi
        cSnd93PN5vR+/JnKTLgwoqMQMA4wDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNI
        ADBFAiEA8W+Q8B9eWKPFyir7jgmLOqr4xI2yqiyV8jp7EAVIgRMCIB6WYCDLYQ85
        QDhJITuhUc1aR66KWkgUm8MYbE51yNsY
        -----END CERTIFICATE-----
        """
    /// Certified by the intermediate, for clients.
    static let leaf = """
        -----BEGIN CERTIFICATE-----
        MIIB+DCCAZ6gAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjAsMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDEOMAwGA1UEAwwFSW50ZXIwIBcNMjAwMTAy
        MDMwNDA1WhgPMjA5MDAxMDIwMzA0MDVaMCsxCzAJBgNVBAYTAkRFMQ0wCwYDVQQK
        DARZZXR0MQ0wCwYDVQQDDARMZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        3DCMg86HjwJrB5/szYwyAIpwBb1OYA3q7AYs5f2ubxeRdrIadeB2Luh8WnDMWVgf
        Wd34cVQ0SME0zQJLTeXnT6OBozCBoDB0BgNVHREEbTBrgg93d3cuZXhhbXBsZS5v
        cmeCESouYXBpLmV4YW1wbGUub3JngQ1hQGV4YW1wbGUub3Jnhh5zcGlmZmU6Ly9l
        eGFtcGxlLm9yZy9hL2I/cT0xI2aHBAoBAgOHECABDbgAAAAAAAAAAAAAAAEwGAYD
        VR0lBBEwDwYIKwYBBQUHAwIGAyoDBDAOBgNVHQ8BAf8EBAMCBaAwCgYIKoZIzj0E
        AwIDSAAwRQIhAMLFVGV24jNzCAzthSOyd7ciGJ9nm/GvzNl+gFUUXsUiAiBoscNs
        opYRkSgFJmcO0z5ILcD7nz9JjdCgB4XnAbiW1g==
        -----END CERTIFICATE-----
        """
    /// The same for any purpose.
    static let anyPurposeLeaf = """
        -----BEGIN CERTIFICATE-----
        MIIByzCCAXKgAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjAsMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDEOMAwGA1UEAwwFSW50ZXIwIBcNMjAwMTAy
        MDMwNDA1WhgPMjA5MDAxMDIwMzA0MDVaMCsxCzAJBgNVBAYTAkRFMQ0wCwYDVQQK
        DARZZXR0MQ0wCwYDVQQDDARMZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        3DCMg86HjwJrB5/szYwyAIpwBb1OYA3q7AYs5f2ubxeRdrIadeB2Luh8WnDMWVgf
        Wd34cVQ0SME0zQJLTeXnT6N4MHYwdAYDVR0RBG0wa4IPd3d3LmV4YW1wbGUub3Jn
        ghEqLmFwaS5leGFtcGxlLm9yZ4ENYUBleGFtcGxlLm9yZ4Yec3BpZmZlOi8vZXhh
        bXBsZS5vcmcvYS9iP3E9MSNmhwQKAQIDhxAgAQ24AAAAAAAAAAAAAAABMAoGCCqG
        SM49BAMCA0cAMEQCIGEBKOB7w7MEZalAq/KZnPB40NURfwY32CG2ZFDTVgVuAiB8
        6yafNRrNha3Oyi2PA38M56L/NqFj9cMlR+IEpR6VJA==
        -----END CERTIFICATE-----
        """
    /// The same for x.bad.example.org.
    static let excludedLeaf = """
        -----BEGIN CERTIFICATE-----
        MIIBdTCCARqgAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjAsMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDEOMAwGA1UEAwwFSW50ZXIwIBcNMjAwMTAy
        MDMwNDA1WhgPMjA5MDAxMDIwMzA0MDVaMCsxCzAJBgNVBAYTAkRFMQ0wCwYDVQQK
        DARZZXR0MQ0wCwYDVQQDDARMZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        3DCMg86HjwJrB5/szYwyAIpwBb1OYA3q7AYs5f2ubxeRdrIadeB2Luh8WnDMWVgf
        Wd34cVQ0SME0zQJLTeXnT6MgMB4wHAYDVR0RBBUwE4IReC5iYWQuZXhhbXBsZS5v
        cmcwCgYIKoZIzj0EAwIDSQAwRgIhALwxGR/fGkhQHvBt0GD7sivdsMJ1kPblz0bB
        /77Uk0U0AiEAtmrFmIFAkd9/7aKnlQUWrcFLXHLqGiz/ryxbyTgzTb8=
        -----END CERTIFICATE-----
        """
    /// The same, until 2021.
    static let expiredLeaf = """
        -----BEGIN CERTIFICATE-----
        MIIByTCCAXCgAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjAsMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDEOMAwGA1UEAwwFSW50ZXIwHhcNMjAwMTAy
        MDMwNDA1WhcNMjEwMTAxMDAwMDAwWjArMQswCQYDVQQGEwJERTENMAsGA1UECgwE
        WWV0dDENMAsGA1UEAwwETGVhZjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNww
        jIPOh48Cawef7M2MMgCKcAW9TmAN6uwGLOX9rm8XkXayGnXgdi7ofFpwzFlYH1nd
        +HFUNEjBNM0CS03l50+jeDB2MHQGA1UdEQRtMGuCD3d3dy5leGFtcGxlLm9yZ4IR
        Ki5hcGkuZXhhbXBsZS5vcmeBDWFAZXhhbXBsZS5vcmeGHnNwaWZmZTovL2V4YW1w
        bGUub3JnL2EvYj9xPTEjZocECgECA4cQIAENuAAAAAAAAAAAAAAAATAKBggqhkjO
        PQQDAgNHADBEAiAM/xpkEqo5gwVIwZ61j9/HUDY5Am2vItD1fciXc9UxTAIgCoGt
        br+hVH4dSx8keP/XkpTb8P3rv3mqx7lHV3FFtLQ=
        -----END CERTIFICATE-----
        """
    /// The same with a critical extension that nobody knows.
    static let criticalLeaf = """
        -----BEGIN CERTIFICATE-----
        MIIB3jCCAYOgAwIBAgINEjRWeJCrze8SNFZ4kDAKBggqhkjOPQQDAjAsMQswCQYD
        VQQGEwJERTENMAsGA1UECgwEWWV0dDEOMAwGA1UEAwwFSW50ZXIwIBcNMjAwMTAy
        MDMwNDA1WhgPMjA5MDAxMDIwMzA0MDVaMCsxCzAJBgNVBAYTAkRFMQ0wCwYDVQQK
        DARZZXR0MQ0wCwYDVQQDDARMZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
        3DCMg86HjwJrB5/szYwyAIpwBb1OYA3q7AYs5f2ubxeRdrIadeB2Luh8WnDMWVgf
        Wd34cVQ0SME0zQJLTeXnT6OBiDCBhTB0BgNVHREEbTBrgg93d3cuZXhhbXBsZS5v
        cmeCESouYXBpLmV4YW1wbGUub3JngQ1hQGV4YW1wbGUub3Jnhh5zcGlmZmU6Ly9l
        eGFtcGxlLm9yZy9hL2I/cT0xI2aHBAoBAgOHECABDbgAAAAAAAAAAAAAAAEwDQYE
        KgMEBQEB/wQCBQAwCgYIKoZIzj0EAwIDSQAwRgIhAOCWWwRV3se3USXqJVUvdlKz
        pRyrG08yF++dN6zSSYwOAiEA/Tn96LaLVlTJusC8GNdMK7iYK1UnBxJZirCOijJN
        NHU=
        -----END CERTIFICATE-----
        """
    /// A certificate with an Ed25519 key.
    static let edwards = """
        -----BEGIN CERTIFICATE-----
        MIIBKzCB3qADAgECAg0SNFZ4kKvN7xI0VniQMAUGAytlcDAuMQswCQYDVQQGEwJE
        RTENMAsGA1UECgwEWWV0dDEQMA4GA1UEAwwHRWR3YXJkczAgFw0yMDAxMDIwMzA0
        MDVaGA8yMDkwMDEwMjAzMDQwNVowLjELMAkGA1UEBhMCREUxDTALBgNVBAoMBFll
        dHQxEDAOBgNVBAMMB0Vkd2FyZHMwKjAFBgMrZXADIQD2UxAvicZX4cpCf326Q3+G
        2xu4VIIG+doUzu1ix1FJo6MTMBEwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQD9
        zy4ks/DatpLLl3rNAj7Q0nETLuamTnati/MV7P8G4QayRbjT5DPQvHXF06+Q4bl/
        dutQLaHm+0qhJ1rZ9SAJ
        -----END CERTIFICATE-----
        """
    /// The key of the leaf.
    static let leafKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgwXmhEvF548IG4sFk
        kUjTVN7nIX/glEql7MlCD/POiYuhRANCAATcMIyDzoePAmsHn+zNjDIAinAFvU5g
        DersBizl/a5vF5F2shp14HYu6HxacMxZWB9Z3fhxVDRIwTTNAktN5edP
        -----END PRIVATE KEY-----
        """
    /// The key of the Ed25519 certificate.
    static let edwardsKey = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINf49zIjwjm3YmlrhC/pe3cPDbVyoOUVOpKT5IMwTdGi
        -----END PRIVATE KEY-----
        """
    /// The key of the leaf in the older form.
    static let curveKey = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIMF5oRLxeePCBuLBZJFI01Te5yF/4JRKpezJQg/zzomLoAoGCCqGSM49
        AwEHoUQDQgAE3DCMg86HjwJrB5/szYwyAIpwBb1OYA3q7AYs5f2ubxeRdrIadeB2
        Luh8WnDMWVgfWd34cVQ0SME0zQJLTeXnTw==
        -----END EC PRIVATE KEY-----
        """
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
    /// The RSA key as JSON.
    static let rsaWebKey = """
        {"kty": "RSA",
        "n": "w-1_a7fqY3uTkfXdCAXFNtIeekrVX3fP6j-i8kuSvph-VF7XKrO0REJKXfdqyJgkc6uFYeCyCFQVMVNU2N3MtQWA2LJphb\
        g3HmycdnJpxJH41Odk0n9e9sIlaz5vZK4Kal1ZbSYJypc5dARa4AwrJ6kWT3PT1ppLnSclR6KT6FJfHrtAlSnVLS35eOjQgzYjoc\
        QQFkh-wHDXQDltPGwJGdInvnhJuyc3iBiHUAqYGfbmX6r_5-JNgNyTwssiCPjOkHp50PH-5ZhjHS5NW5l0DStk-I4bOzdVjfLMiq\
        CKp5eAlWJ2y66xsjcNE5LcoZ0T9LH_d064qNN38RI83_Ng-w",
        "e": "AQAB",
        "d": "GSu0UH7mvlQcb8aB2GuBXBsfbj-Z7PNkAyicwvsBhbnqlOVASEyg7poDmtHT5qRhHnkdICdxR8-hj14wytGn4GOuG2jEVL\
        kHX8G9Uhw9yVKlgJifo8lYRmRH0WDKh8kyLlsCx5p47I2EBIsgr6Lwkl5PLvLm9q2I5E4opGzXCqP8aGF5dwmb2g9FEQ1V1deFDJ\
        mt9Pax3Y_f75kvEFAhlV-aV_Swrmd22C3fRSO6GFhfKA3uZLKQUB22clEyKMOvMLmwsaWR-5tpI3I9KjkXDnEXn30LM41TrbyvR-\
        W9uvIUNkOIt4yE0kzL7Kx4PkDQ7ZSVzOS3itsK1UQtwfDJoQ",
        "p": "_3BrmgEFXZk8KmhdimqzXd3WLX3SvK1Q77yL5057VF30DuNwlEEE1BCyM4RP3pyl_p85zQAx474wOEu4KfizSeOph4SYWh\
        Ea1IJErF_JSyQR5DE6d873BQZ-Y_YZtpCwWRHBJgbCMMlwbveH7wBUkpijOTqyel5iSPTIdo3NeuE",
        "q": "xFugbYmTApJvkAYl9zvBXaNAX7HvbmvLlvSdpYF6P7e978K4RSQFb1H6odi-OrIpeBrGSl_OybrzEElPMCH47Yv3cUMF15\
        JUwq3YBUcW82VNT-33mEa615bAvcJNOJ6zP0fr1xlDBtIyM3Z44J_1cmc3Vs0FbvfMD2Zfe8sKE1s",
        "dp": "shA3Igr2J5IrS9Cm7FeHI7cBl4KvhdE3q3b--8ZM2LoJ6NsJXn-Ykw_0eU8Rsjf2yvFKBKrPHFg3GvdFsRRqPubSBeMbp\
        SVpU5xfrN2034mMY0sh2-TNc5ZcQuiKciaYl-51e0GY2xOBKgmpm6TaT7rRhZJyWjUzRHJGz8X36GE",
        "dq": "vA488Wtm_nmcm0UoK0ZxhOqLBpt1gj1--I5CRXZhzJB_Ohc1QBKlmd3buhHI7pIfIUYTTru_YnjHvXtYefKvY2I_k5vrB\
        nDA-MpiL3vMQUNt7fUswgxLeZqJ8bMbHfTwGtUYzCMHjIrXRW5bilXoTq8H0vv8DjEIoF8dZ4QnnC0",
        "qi": "8oH1QMrEgIAONodpRRzV89Qs2_4MuUBCpoCqRZS1WBdRE0pHmQpM37DcsG7wpr2E3UhJWBr_fBHT6KxUoHCNpJdK-WrX7\
        iU_t7TXx6Vgn9jaiVcQlBy9FEhbcqiaMjsX_MeJb4rXWkVF8YOKSD85k1hLmgm1m09waD4nfyVdS_c"}
        """
    /// A key of P-256.
    static let p256WebKey = """
        {"kty": "EC",
        "crv": "P-256",
        "x": "spsG6vdEowdbOkGgtjsnPFHCbIyT8FOf-bQu57Gbo-U",
        "y": "rzu6E9HJ0q6UTz5jjKGjBqyCisel_q6KBPKVEmrzlL0",
        "d": "WzLjYetT6SBUPag29imJCrU9CtfTcdqiwVdJcppTvpY"}
        """
    /// Its public part.
    static let p256PublicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEspsG6vdEowdbOkGgtjsnPFHCbIyT
        8FOf+bQu57Gbo+WvO7oT0cnSrpRPPmOMoaMGrIKKx6X+rooE8pUSavOUvQ==
        -----END PUBLIC KEY-----
        """
    /// A key of P-384.
    static let p384WebKey = """
        {"kty": "EC",
        "crv": "P-384",
        "x": "RCK1lTPkuEksL4XIX9T-IGFCUpAgJxAh2ntIelwLo1Wu2lXHWGe02emU80VAMg1s",
        "y": "CI6PKyd_BWjntHe76HwsG6BLWQde7O2ADMBL26XPoYfhaGreUT1n6p8asaGKOvBn",
        "d": "6dxVFVE2cPUz7vQISq8DN-EQM5BiVGfglR_irDz_4Zf0_M_4MHFQGNyMFRQ9iCMx"}
        """
    /// Its public part.
    static let p384PublicKey = """
        -----BEGIN PUBLIC KEY-----
        MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAERCK1lTPkuEksL4XIX9T+IGFCUpAgJxAh
        2ntIelwLo1Wu2lXHWGe02emU80VAMg1sCI6PKyd/BWjntHe76HwsG6BLWQde7O2A
        DMBL26XPoYfhaGreUT1n6p8asaGKOvBn
        -----END PUBLIC KEY-----
        """
    /// A key of P-521.
    static let p521WebKey = """
        {"kty": "EC",
        "crv": "P-521",
        "x": "Ae8QQRyCiRG-TfACdJGIZd7wIbcmfUh3Lx_BjREegtvyqP6nPyaC9w9FbKYPLpoVQCIp6t4oPaZ92U9Cd7k5Endf",
        "y": "AZUUD1330mF_iMgK42qxrrc7fuAyQht6uZzQyUX0ZGFlNnJ7avl3im39zDQrNKWbo570DyWwCaScDY-NkDKEO85m",
        "d": "Ae0q7xvHzuhPsw5TRzT-WzZgc6ZT25xuXILJMBuyZD8DSGzxNdetwVRUN8YqiEIwZaV9CGgQcsFmFJ79YtcKymO1"}
        """
    /// Its public part.
    static let p521PublicKey = """
        -----BEGIN PUBLIC KEY-----
        MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQB7xBBHIKJEb5N8AJ0kYhl3vAhtyZ9
        SHcvH8GNER6C2/Ko/qc/JoL3D0Vspg8umhVAIinq3ig9pn3ZT0J3uTkSd18BlRQP
        XffSYX+IyArjarGutzt+4DJCG3q5nNDJRfRkYWU2cntq+XeKbf3MNCs0pZujnvQP
        JbAJpJwNj42QMoQ7zmY=
        -----END PUBLIC KEY-----
        """
    /// The Ed25519 key as JSON.
    static let edwardsWebKey = """
        {"kty": "OKP",
        "crv": "Ed25519",
        "x": "9lMQL4nGV-HKQn99ukN_htsbuFSCBvnaFM7tYsdRSaM",
        "d": "1_j3MiPCObdiaWuEL-l7dw8NtXKg5RU6kpPkgzBN0aI"}
        """
    /// Its public part.
    static let edwardsPublicKey = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA9lMQL4nGV+HKQn99ukN/htsbuFSCBvnaFM7tYsdRSaM=
        -----END PUBLIC KEY-----
        """
}
