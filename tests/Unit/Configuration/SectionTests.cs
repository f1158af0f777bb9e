using Spiffe.Agent.Configuration;

namespace Spiffe.Agent.Tests.Unit.Configuration;

public sealed class SectionTests
{
    [Fact]
    public void A_trust_domain_alone_is_a_configuration_with_every_default()
    {
        AgentOptions options = Given.Lines("").Options!;

        Assert.Equal("/run/spiffe-agent/admin.sock", options.Sockets.Admin.Path);
        Assert.Null(options.Sockets.Admin.Group);
        Assert.Equal("spiffe://example.org", options.Authority.JwtIssuer);
        Assert.Equal(KeyType.EcP256, options.Authority.KeyType);
        Assert.Equal(TimeSpan.FromHours(1), options.Authority.X509Ttl);
        Assert.Equal(256L << 20, options.Attestors.Unix.Sha256MaxSize);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Attestors.Timeout);
        Assert.Equal("/run/dbus/system_bus_socket", options.Attestors.Systemd.Bus);
        Assert.Equal("/run/docker.sock", options.Attestors.Docker.Socket);
        Assert.Empty(options.Attestors.Docker.CgroupParents);
        Assert.Equal("/run/podman/podman.sock", options.Attestors.Podman.Socket);
        Assert.Equal("/run/user/{uid}/podman/podman.sock", options.Attestors.Podman.RootlessSocket);
        Assert.Equal("/run/containerd/containerd.sock", options.Attestors.Containerd.Socket);
        Assert.Equal("default", Assert.Single(options.Attestors.Containerd.Namespaces));
        Assert.Null(options.Attestors.Kubernetes.Kubelet);
        Assert.False(options.Attestors.Kubernetes.SkipsVerification);
        Assert.All(["unix", "systemd", "docker", "podman", "containerd", "k8s"], type => Assert.True(options.Attestors.Takes(type)));
        Assert.True(options.WorkloadApi.Wit);
        Assert.False(options.WorkloadApi.AllowUnregisteredBundles);
        Assert.Equal(10_000, options.Limits.RequestBurstPerUid);
        Assert.Equal(LogFormat.Text, options.Log.Format);
        Assert.Empty(options.Entries);
        Assert.Empty(options.Templates.All);
        Assert.Null(options.Templates.Ceiling);
        Assert.True(options.Policies.IsBuiltIn);
        Assert.Empty(options.PolicySources);
        Assert.Equal((10_000, 1_000), (options.Tasks.MaxLive, options.Tasks.RememberEnded));
        Assert.Null(options.Tasks.StatusList);
        Assert.Empty(options.Tasks.Subjects);
    }

    [Theory]
    [InlineData("trust_domian: x", "trust_domian", "did you mean 'trust_domain'?")]
    [InlineData("sockets: { workload: { paht: /x } }", "sockets.workload.paht", "did you mean 'path'?")]
    [InlineData("entries: [ { id: /a, selectors: [ \"unix:uid:1\" ], dns_name: [] } ]", "entries[0].dns_name", "did you mean 'dns_names'?")]
    [InlineData("limits: { zzz: 1 }", "limits.zzz", "known here: max_connections")]
    public void An_unknown_key_is_a_fault_with_the_nearest_known_one(string lines, string key, string remedy)
    {
        ConfigurationFault fault = Given.FaultOf(lines);

        Assert.Equal(key, fault.Key);
        Assert.Equal(2, fault.Line);
        Assert.Equal("is no known key", fault.Problem);
        Assert.StartsWith(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sockets: { workload: { path: \"@spiffe\" } }", "abstract")]
    [InlineData("sockets: { workload: { path: \"tcp://127.0.0.1:80\" } }", "TCP")]
    [InlineData("sockets: { workload: { path: \"unix:///run/x\" } }", "is a URI")]
    [InlineData("sockets: { workload: { path: /run/spiffe/ } }", "names a directory")]
    [InlineData("sockets: { workload: { path: /run/spiffe-agent/admin.sock } }", "is the workload socket too")]
    [InlineData("sockets: { admin: { mode: \"0666\" } }", "lets every user")]
    [InlineData("sockets: { admin: { mode: \"0060\" } }", "locks the owner out")]
    [InlineData("sockets: { admin: { mode: \"4660\" } }", "is not a file mode")]
    [InlineData("sockets: { admin: { mode: \"68\" } }", "is not a file mode")]
    [InlineData("sockets: { admin: { group: \"a b\" } }", "is not the name or number of a group")]
    [InlineData("sockets: [ ]", "must be a mapping and is a list")]
    [InlineData("authority: { kind: vault }", "is not one of the words")]
    [InlineData("authority: { ca_ttl: 30s }", "is out of range")]
    [InlineData("authority: { ca_ttl: 24 }", "is not a duration")]
    [InlineData("authority: { x509_ttl: 5h }", "more than a sixth of authority.ca_ttl (1d)")]
    [InlineData("authority: { jwt_ttl: 1s }", "is out of range")]
    [InlineData("authority: { jwt_issuer: \"http://id.example.org\" }", "is not an issuer")]
    [InlineData("authority: { jwt_issuer: \"https://u@id.example.org\" }", "is not an issuer")]
    [InlineData("authority: { jwt_issuer: \"https://id.example.org/?a\" }", "is not an issuer")]
    [InlineData("authority: { key_type: rsa-1024 }", "is not one of the words")]
    [InlineData("attestors: { timeout: 31s }", "is out of range")]
    [InlineData("attestors: { timeout: 500ms }", "is not a duration")]
    [InlineData("attestors: { systemd: { bus: \"unix:path=/run/dbus\" } }", "is a URI")]
    [InlineData("attestors: { systemd: { enabled: on } }", "is neither true nor false")]
    [InlineData("attestors: { docker: { socket: \"tcp://10.0.0.1:2375\" } }", "names a TCP address")]
    [InlineData("attestors: { docker: { cgroup_parents: [ custom ] } }", "is not a cgroup path")]
    [InlineData("attestors: { docker: { cgroup_parents: [ / ] } }", "is not a cgroup path")]
    [InlineData("attestors: { docker: { cgroup_parents: [ /a/../b ] } }", "is not a cgroup path")]
    [InlineData("attestors: { docker: { cgroup_parents: [ /a/ ] } }", "is not a cgroup path")]
    [InlineData("attestors: { docker: { cgroup_parents: [ /a, /a ] } }", "is listed twice")]
    [InlineData("attestors: { podman: { rootless_socket: /run/podman.sock } }", "does not have {uid} exactly once")]
    [InlineData("attestors: { podman: { rootless_socket: \"/run/{uid}/{uid}.sock\" } }", "does not have {uid} exactly once")]
    [InlineData("attestors: { containerd: { namespaces: [ \"a/b\" ] } }", "is not a namespace of containerd")]
    [InlineData("attestors: { containerd: { namespaces: [ \"a.\" ] } }", "is not a namespace of containerd")]
    [InlineData("attestors: { containerd: { namespaces: [ system.slice ] } }", "named like a unit of systemd")]
    [InlineData("attestors: { docker: { cgroup_parents: [ \"/a (deleted)\" ] } }", "is not a cgroup path")]
    [InlineData("attestors: { kubernetes: { kubelet: \"http://127.0.0.1:10255\" } }", "is not https")]
    [InlineData("attestors: { kubernetes: { kubelet: \"https://u@127.0.0.1\" } }", "is not the address of a kubelet")]
    [InlineData("attestors: { kubernetes: { kubelet: \"https://127.0.0.1/pods\" } }", "is not the address of a kubelet")]
    [InlineData("attestors: { kubernetes: { client_certificate: /c.pem } }", "is missing: a certificate is of no use without its key")]
    [InlineData("attestors: { kubernetes: { token_file: /t, client_certificate: /c.pem, client_key: /k.pem } }", "is written beside client_certificate")]
    [InlineData("attestors: { kubernetes: { ca_file: /ca.pem, kubelet_certificate: /k.pem } }", "is written beside ca_file")]
    [InlineData("attestors: { kubernetes: { ca_file: /ca.pem, insecure_skip_verification: true } }", "contradicts the certificates")]
    [InlineData("attestors: { kubernetes: { token_file: /run/ } }", "is not the path of a file")]
    [InlineData("attestors: { kubernetes: { node_name: Node_1 } }", "is not the name of a node")]
    [InlineData("attestors: { unix: { sha256_max_size: 1MB } }", "is not a size")]
    [InlineData("attestors: { unix: { sha256_max_size: 8GiB } }", "is out of range")]
    [InlineData("workload_api: { x509: false, jwt: false, wit: false }", "turns every profile off")]
    [InlineData("workload_api: { jwt: yes }", "is neither true nor false")]
    [InlineData("workload_api: { jwt_leeway: 6m }", "is out of range")]
    [InlineData("limits: { max_connections: 10, max_connections_per_uid: 11 }", "is out of range")]
    [InlineData("limits: { max_connections: lots }", "is not a whole number")]
    [InlineData("log: { level: verbose }", "is not one of the words")]
    [InlineData("audit: { origin: \"a b\" }", "is not the name of a log")]
    [InlineData("audit: { keep: { size: 1MiB } }", "is out of range")]
    [InlineData("policies: [ policies/ ]", "is not the path of a file")]
    [InlineData("tasks: { max_live: 0 }", "is out of range")]
    [InlineData("tasks: { remember_ended: -1 }", "is out of range")]
    [InlineData("tasks: { status_list: { } }", "is missing")]
    [InlineData("tasks: { status_list: { uri: \"http://example.org/status\" } }", "is not where verifiers could fetch a list from safely")]
    [InlineData("tasks: { status_list: { uri: \"https://example.org/status?a\" } }", "is not where verifiers could fetch a list from safely")]
    [InlineData("tasks: { status_list: { uri: \"https://example.org/s\", listen: 8089 } }", "is not an address and a port")]
    [InlineData("tasks: { status_list: { uri: \"https://example.org/s\", listen: 127.0.0.1 } }", "is not an address and a port")]
    [InlineData("tasks: { status_list: { uri: \"https://example.org/s\", listen: \"localhost:80\" } }", "is not an address and a port")]
    [InlineData("tasks: { status_list: { uri: \"https://example.org/s\", ttl: 2h } }", "is out of range")]
    [InlineData("entries: [ { id: /a, selectors: [ \"unix:uid:1\" ], hint: \"task:x\" } ]", "begins with task:")]
    [InlineData("log: { level: }", "has no value")]
    [InlineData("log: { level: [ info ] }", "must be a single value and is a list")]
    public void What_a_section_cannot_mean_is_its_one_fault(string lines, string problem) =>
        Assert.Contains(problem, Given.FaultOf(lines).Problem, StringComparison.Ordinal);

    [Fact]
    public void Defaults_shrink_with_a_short_ca_ttl()
    {
        AgentOptions options = Given.Lines("authority: { ca_ttl: 1h }").Options!;

        Assert.Equal(TimeSpan.FromMinutes(10), options.Authority.X509Ttl);
        Assert.Equal(TimeSpan.FromMinutes(5), options.Authority.JwtTtl);
    }

    [Fact]
    public void A_relative_path_begins_at_the_file() =>
        Assert.Equal("/etc/spiffe-agent/run/w.sock", Given.Lines("sockets: { workload: { path: run/w.sock } }").Options!.Sockets.Workload.Path);

    [Fact]
    public void What_is_written_of_the_attestors_is_what_they_get()
    {
        AttestorsOptions attestors = Given.Lines("""
            attestors:
              timeout: 2s
              docker: { enabled: false, socket: docker.sock, cgroup_parents: [ /custom/parent ] }
              podman: { rootless_socket: "/tmp/{uid}.sock" }
              containerd: { namespaces: [ default, my-apps ] }
              kubernetes: { kubelet: "https://node-1:10250", token_file: token, ca_file: /ca.pem, node_name: 10.0.0.1 }
            """).Options!.Attestors;

        Assert.Equal(TimeSpan.FromSeconds(2), attestors.Timeout);
        Assert.False(attestors.Takes("docker"));
        Assert.Equal("/etc/spiffe-agent/docker.sock", attestors.Docker.Socket);
        Assert.Equal("/custom/parent", Assert.Single(attestors.Docker.CgroupParents));
        Assert.Equal("/tmp/{uid}.sock", attestors.Podman.RootlessSocket);
        Assert.Equal<string>(["default", "my-apps"], attestors.Containerd.Namespaces);
        Assert.Equal("node-1:10250", attestors.Kubernetes.Kubelet?.Authority);
        Assert.Equal("/etc/spiffe-agent/token", attestors.Kubernetes.TokenFile);
        Assert.Equal("10.0.0.1", attestors.Kubernetes.NodeName);
    }

    [Fact]
    public void A_kubelet_that_nobody_vouches_for_is_warned_of()
    {
        ConfigurationFault warning = Assert.Single(Given.Lines("attestors: { kubernetes: { insecure_skip_verification: true } }").Warnings);

        Assert.Equal("attestors.kubernetes.insecure_skip_verification", warning.Key);
    }

    [Fact]
    public void A_rootless_socket_must_fit_the_kernel_for_every_user()
    {
        string fits = "/" + new string('a', 107 - 1 - 10);
        Assert.NotNull(Given.Lines($"attestors: {{ podman: {{ rootless_socket: \"{fits}{{uid}}\" }} }}").Options);
        Assert.Contains("is 108 bytes long", Given.FaultOf($"attestors: {{ podman: {{ rootless_socket: \"{fits}a{{uid}}\" }} }}").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_path_must_fit_the_kernel()
    {
        Assert.NotNull(Given.Lines($"sockets: {{ workload: {{ path: /{new string('a', 106)} }} }}").Options);
        Assert.Contains("is 108 bytes long", Given.FaultOf($"sockets: {{ workload: {{ path: /{new string('a', 107)} }} }}").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_trust_domain_there_is_nothing_to_serve() =>
        Assert.Equal("trust_domain", Assert.Single(Given.Text("log: { format: json }").Faults).Key);

    [Fact]
    public void Development_grants_its_user_alone_and_names_each_process()
    {
        AgentOptions options = DevelopmentConfiguration.Create("/tmp/dev", 1000, "ada");

        Registrations(options, "unix:uid:1000", "spiffe://dev.local/user/{unix:user}/process/{unix:pid}");
        Registrations(DevelopmentConfiguration.Create("/tmp/dev", 1000, "a b"), "unix:uid:1000", "spiffe://dev.local/user/{unix:uid}/process/{unix:pid}");
        Registrations(DevelopmentConfiguration.Create("/tmp/dev", 0, null), "unix:uid:0", "spiffe://dev.local/user/{unix:uid}/process/{unix:pid}");
        Assert.Equal("/tmp/dev/workload.sock", options.Sockets.Workload.Path);
        Assert.Equal("/tmp/dev/admin.sock", options.Sockets.Admin.Path);
    }

    private static void Registrations(AgentOptions options, string selectors, string id)
    {
        Spiffe.Agent.Registration.Entry entry = Assert.Single(options.Entries);
        Assert.Equal((selectors, id), (entry.Selectors.ToString(), entry.Id.Text));
    }
}
