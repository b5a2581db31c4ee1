// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What `yett.yaml` says, typed, with every default filled in.
public struct GateConfiguration: Sendable {
    /// `trust_domain`: the SPIFFE trust domain of all agents.
    public var trustDomain: TrustDomain
    /// `agents`, in the order of the file.
    public var agents: [AgentConfiguration] = []
    /// `services`, in the order of the file.
    public var services: [ServiceConfiguration] = []
    /// `service_proxy`: the listeners in front of the services; `nil` when there are none.
    public var serviceProxy: ServiceProxyConfiguration?
    /// `sandbox`: sandboxes for generated code; `nil` when there are none.
    public var sandbox: SandboxConfiguration?
    /// `egress`: the forward proxy.
    public var egress = EgressConfiguration()
    /// `policy`: what decides every request.
    public var policy = PolicyConfiguration()
    /// `decision_log`: the log of decisions in OPA's form.
    public var decisionLog = DecisionLogConfiguration()
    /// `audit`: the record of every decision.
    public var audit = AuditConfiguration()
    /// `identity`: who issues identities, and who gets which.
    public var identity = IdentityConfiguration()
    /// `people`: how people sign in; `nil` when they do not.
    public var people: PeopleConfiguration?
    /// `signals`: security events of others and for others; `nil` for none.
    public var signals: SignalsConfiguration?
    /// `mesh`: where Envoys ask for decisions; `nil` when none do.
    public var mesh: MeshConfiguration?
    /// `cluster`: what several gates share; `nil` for a gate alone.
    public var cluster: ClusterConfiguration?
    /// `dashboard`: the pages of operators; `nil` without them.
    public var dashboard: DashboardConfiguration?
    /// `approvals`: calls to which a person has to agree.
    public var approvals = ApprovalConfiguration()
    /// `leaks`: what is looked for in what agents send; `nil` for nothing.
    public var leaks: LeaksConfiguration?
    /// `watch`: what is done about how agents behave.
    public var watch = WatchConfiguration()
    /// `telemetry`: where metrics, traces and log lines are brought to.
    public var telemetry = TelemetryConfiguration()
    /// `admin`: the operators' socket.
    public var admin = AdminConfiguration()
    /// `limits`: the process as a whole.
    public var limits = ProcessLimits()

    /// A configuration of defaults.
    public init(trustDomain: TrustDomain) { self.trustDomain = trustDomain }

    /// The services that an agent's grants name, in the order of the file.
    public func services(of agent: AgentConfiguration) -> [ServiceConfiguration] {
        let names = Set(agent.grants.compactMap { $0.service.map { Array($0.utf8) } })
        return services.filter { names.contains(Array($0.name.utf8)) }
    }

    /// The variables that lead a launched agent to its services. A value that begins with a slash is a path at the gate.
    public func serviceVariables(of name: String) -> [String: String] {
        guard serviceProxy != nil, let agent = agents.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            return [:]
        }
        var variables: [String: String] = [:]
        for service in services(of: agent) {
            for (variable, value) in service.environment {
                variables[variable] =
                    switch value {
                    case .url(let path): "/s/\(service.name)\(path)"
                    case .unused: "unused"
                    }
            }
        }
        return variables
    }
}
