// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Tokens and keys that their issuers gave a beginning, so that they can be found.
///
/// Lengths are the least that the issuers have used, not the exact ones: a token that was cut short or lengthened to
/// slip through is one all the same.
enum TokenRules {
    private typealias Part = TokenShape.Part

    static let all: [LeakRule] = cloud + code + services + models + webTokens

    private static let cloud: [LeakRule] =
        ["AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA"].map {
            .token("aws-access-key", TokenShape($0, Part(.capital, 16...24)))
        } + [
            .token("google-api-key", TokenShape("AIza", Part(.url, 35...35))),
            .token("google-oauth-token", TokenShape("ya29.", Part(.dotted, 20...400))),
            .token("google-client-secret", TokenShape("GOCSPX-", Part(.url, 24...40))),
            .token("azure-storage-key", TokenShape("AccountKey=", Part(.base64, 40...100))),
            .token("azure-shared-access-key", TokenShape("SharedAccessKey=", Part(.base64, 32...100))),
            .token("digitalocean-token", TokenShape("dop_v1_", Part(.hexadecimal, 40...64))),
            .token("alibaba-access-key", TokenShape("LTAI", Part(.alphanumeric, 16...30), isBounded: true)),
            .token("heroku-key", TokenShape("HRKU-", Part(.url, 30...80))),
            .token("fly-token", TokenShape("fo1_", Part(.url, 30...80), isBounded: true)),
            .token("vault-token", TokenShape("hvs.", Part(.url, 24...200), isBounded: true)),
            .token("terraform-token", TokenShape(".atlasv1.", Part(.url, 40...100))),
            .token("doppler-token", TokenShape("dp.pt.", Part(.alphanumeric, 40...48), isBounded: true)),
            .token("tailscale-key", TokenShape("tskey-", Part(.url, 20...80), isBounded: true)),
            .token("databricks-token", TokenShape("dapi", Part(.hexadecimal, 32...34), isBounded: true)),
            .token("age-secret-key", TokenShape("AGE-SECRET-KEY-1", Part(.capital, 50...60))),
        ]

    private static let code: [LeakRule] =
        ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map {
            .token("github-token", TokenShape($0, Part(.alphanumeric, 20...255)))
        } + [
            .token("github-token", TokenShape("github_pat_", Part(.word, 20...255))),
            .token("gitlab-token", TokenShape("glpat-", Part(.url, 20...64))),
            .token("gitlab-runner-token", TokenShape("glrt-", Part(.url, 20...64))),
            .token("npm-token", TokenShape("npm_", Part(.alphanumeric, 30...64), isBounded: true)),
            .token("pypi-token", TokenShape("pypi-", Part(.url, 50...400))),
            .token("rubygems-token", TokenShape("rubygems_", Part(.hexadecimal, 40...64))),
            .token("docker-token", TokenShape("dckr_pat_", Part(.url, 20...64))),
            .token("atlassian-token", TokenShape("ATATT3", Part(.base64, 40...300))),
            .token("linear-token", TokenShape("lin_api_", Part(.alphanumeric, 32...64))),
            .token("postman-token", TokenShape("PMAK-", Part(.hexadecimal, 24...24, then: "-"))),
            .token("grafana-token", TokenShape("glsa_", Part(.word, 32...64))),
            .token("sentry-token", TokenShape("sntrys_", Part(.base64, 40...400))),
            .token("new-relic-key", TokenShape("NRAK-", Part(.capital, 20...40))),
        ]

    private static let services: [LeakRule] =
        ["sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"].map {
            .token("stripe-key", TokenShape($0, Part(.word, 10...255)))
        }
        + ["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xoxo-", "xoxe-", "xapp-"].map {
            .token("slack-token", TokenShape($0, Part(.url, 10...255)))
        } + [
            .token("stripe-webhook-secret", TokenShape("whsec_", Part(.base64, 24...80))),
            .token("slack-webhook", TokenShape("hooks.slack.com/services/T", Part(.base64, 20...100))),
            .token("discord-webhook", TokenShape("discord.com/api/webhooks/", Part(.digits, 16...22, then: "/"))),
            .token("sendgrid-key", TokenShape("SG.", Part(.dotted, 20...80), isBounded: true)),
            .token("square-token", TokenShape("sq0atp-", Part(.url, 20...64))),
            .token("square-token", TokenShape("sq0csp-", Part(.url, 40...64))),
            .token("shopify-token", TokenShape("shpat_", Part(.hexadecimal, 30...40))),
            .token("shopify-token", TokenShape("shpss_", Part(.hexadecimal, 30...40))),
            .token("notion-token", TokenShape("ntn_", Part(.alphanumeric, 40...64), isBounded: true)),
            .token("airtable-token", TokenShape("patk", Part(.dotted, 40...100), isBounded: true)),
            .token("mailgun-key", TokenShape("key-", Part(.hexadecimal, 32...32), isBounded: true)),
            .token("sendinblue-key", TokenShape("xkeysib-", Part(.hexadecimal, 40...64))),
            .token("planetscale-token", TokenShape("pscale_tkn_", Part(.dotted, 30...64))),
            .token("supabase-token", TokenShape("sbp_", Part(.hexadecimal, 40...64), isBounded: true)),
            .token("telegram-token", TokenShape(":AA", Part(.url, 32...35))),
        ]

    private static let models: [LeakRule] =
        ["sk-proj-", "sk-ant-", "sk-svcacct-", "sk-admin-", "sk-or-", "sk-live-", "sk-test-"].map {
            .token("model-api-key", TokenShape($0, Part(.url, 16...255)))
        } + [
            .token("model-api-key", TokenShape("sk-", Part(.alphanumeric, 20...128), isBounded: true)),
            .token("hugging-face-token", TokenShape("hf_", Part(.alphanumeric, 30...64), isBounded: true)),
            .token("replicate-token", TokenShape("r8_", Part(.alphanumeric, 36...48), isBounded: true)),
            .token("model-api-key", TokenShape("gsk_", Part(.alphanumeric, 40...64), isBounded: true)),
            .token("model-api-key", TokenShape("pplx-", Part(.alphanumeric, 40...64), isBounded: true)),
            .token("model-api-key", TokenShape("xai-", Part(.alphanumeric, 60...100), isBounded: true)),
        ]

    /// JSON Web Tokens: the beginnings are what `{"alg`, `{"typ` and other members, or blanks, encode to.
    private static let webTokens: [LeakRule] = [
        "eyJh", "eyJ0", "eyJr", "eyJj", "eyJl", "eyJ6", "eyJq", "eyJ4", "eyJi", "eyAi", "ewog", "ewoJ",
    ].map {
        .token(
            "json-web-token",
            TokenShape($0, Part(.url, 12...4000, then: "."), Part(.url, 8...4000), check: .tokenHeader))
    }
}
