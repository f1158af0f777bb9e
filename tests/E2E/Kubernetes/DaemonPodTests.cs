using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Kubernetes;

/// <summary>The daemon as a pod of the node, which the kubelet knows by the token of its service account.</summary>
[Collection(KubernetesCollection.Name)]
public sealed class DaemonPodTests(KubernetesNode node) : IAsyncLifetime
{
    /// <summary>As packaging/kubernetes, with the privileges that it asks for where mounting the node's cgroups is not enough: these tests also run on machines with
    /// cgroup v1 beside v2. And a token for the kubelet.</summary>
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: { name: agent, namespace: store, labels: { app: agent } }
        spec:
          nodeName: node
          hostPID: true
          serviceAccountName: shop
          terminationGracePeriodSeconds: 10
          containers:
            - name: agent
              image: example.org/web:1
              command: [ /run/bin/spiffe-agent, run, --config, /run/configuration/agent.yaml ]
              securityContext: { privileged: true }
              volumeMounts:
                - { name: usr, mountPath: /usr, readOnly: true }
                - { name: agent, mountPath: /run/bin, readOnly: true }
                - { name: configuration, mountPath: /run/configuration, readOnly: true }
                - { name: ca, mountPath: /run/ca.crt, readOnly: true }
                - { name: sockets, mountPath: /run/spiffe }
                - { name: admin, mountPath: /run/spiffe-agent }
                - { name: token, mountPath: /run/token, readOnly: true }
                - { name: tmp, mountPath: /tmp }
          volumes:
            - { name: usr, hostPath: { path: /usr } }
            - { name: agent, hostPath: { path: /run/bin } }
            - { name: configuration, hostPath: { path: /run/configuration } }
            - { name: ca, hostPath: { path: /run/node/pki/ca.crt, type: File } }
            - { name: sockets, hostPath: { path: /run/spiffe } }
            - { name: token, projected: { sources: [ { serviceAccountToken: { path: token, expirationSeconds: 3600 } } ] } }
            - { name: admin, emptyDir: { medium: Memory } }
            - { name: tmp, emptyDir: { } }
        """;

    private const string Configuration = """
        trust_domain: example.org
        sockets: { admin: { path: /run/spiffe-agent/admin.sock, mode: \"0600\" } }
        attestors:
          kubernetes: { kubelet: https://192.0.2.1:10250, token_file: /run/token/token, ca_file: /run/ca.crt, node_name: node }
        entries:
          - { id: /own-pod, selectors: [ \"k8s:ns:store\", \"k8s:sa:shop\", \"k8s:pod-name:agent\" ] }
          - { id: /web, selectors: [ \"k8s:ns:default\", \"k8s:container-name:web\" ] }
        """;

    public async Task InitializeAsync()
    {
        if (KubernetesFactAttribute.Missing() is not null) return;
        await node.ShellAsync($"mkdir -p /run/spiffe /run/configuration; printf '%s\\n' \"{Configuration}\" >/run/configuration/agent.yaml; chmod 0600 /run/configuration/agent.yaml");
        await node.ApplyAsync(Pod);
        await node.KubectlAsync("wait", "--for", "condition=Ready", "--timeout", "60s", "--namespace", "store", "pod/agent");
        await node.ShellAsync("for i in $(seq 600); do if /run/bin/spiffe-agent healthcheck >/dev/null 2>&1; then exit 0; fi; sleep 0.1; done; "
            + "/run/node/kubectl get pod --namespace store agent --output yaml; /run/node/kubectl logs --namespace store agent; exit 1");
    }

    public async Task DisposeAsync()
    {
        if (KubernetesFactAttribute.Missing() is not null) return;
        // By force: a kubelet waits with its goodbye until it has limited the pod's cgroup, which it cannot where cgroup2 has no controllers.
        await node.KubectlAsync("delete", "pod", "--namespace", "store", "agent", "--force", "--grace-period", "0");
        await node.ShellAsync("for i in $(seq 600); do if ! /run/bin/spiffe-agent healthcheck >/dev/null 2>&1; then exit 0; fi; sleep 0.1; done; exit 1");
    }

    [KubernetesFact]
    public async Task Pods_are_known_to_a_daemon_in_a_pod() =>
        X509Fetch.Of(await node.FetchInAsync("default", "web", "web")).HasOneValidSvid("spiffe://example.org/web");

    [KubernetesFact]
    public async Task Own_pod_is_known() =>
        X509Fetch.Of(await node.FetchInAsync("store", "agent", "agent")).HasOneValidSvid("spiffe://example.org/own-pod");

    [KubernetesFact]
    public async Task Other_pods_are_denied()
    {
        CommandResult result = await node.FetchInAsync("store", "ledger", "ledger");

        Assert.True(result.ExitCode == 77, result.ToString());
    }
}
