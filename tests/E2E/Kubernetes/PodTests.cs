using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Kubernetes;

/// <summary>The daemon on the node, workloads in real pods that a real kubelet runs.</summary>
[Collection(KubernetesCollection.Name)]
public sealed class PodTests(KubernetesNode node) : IAsyncLifetime
{
    private const int Denied = 77, Unavailable = 69;
    private const string Shop = "shop-7c5d8f6b9-x2x7k";

    public async Task InitializeAsync()
    {
        if (KubernetesFactAttribute.Missing() is not null) return;
        string uid = await node.KubectlAsync("get", "pod", "--namespace", "store", "ledger", "--output", "jsonpath={.metadata.uid}");
        string digest = (await node.KubectlAsync("get", "pod", "--namespace", "store", Shop, "--output", "jsonpath={.status.containerStatuses[?(@.name==\"proxy\")].imageID}")).Split('@')[1];
        await node.Agent.StartAsync($$"""
            attestors:
              kubernetes:
                kubelet: https://127.0.0.1:10250
                client_certificate: /run/node/pki/agent.crt
                client_key: /run/node/pki/agent.key
                ca_file: /run/node/pki/ca.crt
                node_name: node
            entries:
              - { id: /web, selectors: [ "k8s:ns:default", "k8s:sa:default", "k8s:pod-label:app:web", "k8s:pod-label:app.kubernetes.io/part-of:shop", "k8s:container-name:web" ] }
              - { id: /probe, selectors: [ "k8s:pod-name:web", "k8s:container-name:probe", "k8s:container-type:ephemeral" ] }
              - { id: /shop/app, selectors: [ "k8s:ns:store", "k8s:sa:shop", "k8s:pod-owner:ReplicaSet:shop-7c5d8f6b9", "k8s:container-image:example.org/shop:2", "k8s:pod-init-image:example.org/prepare:1", "k8s:pod-init-image-count:1" ] }
              - { id: /shop/proxy, selectors: [ "k8s:pod-owner-uid:ReplicaSet:5d9a4c1e-3b7f-4a52-9f0e-1c2d3e4f5a6b", "k8s:container-image-digest:{{digest}}", "k8s:pod-image-count:2" ] }
              - { id: /ledger, selectors: [ "k8s:pod-uid:{{uid}}", "k8s:node-name:node", "k8s:container-type:regular" ] }
              - { id: /migrate, selectors: [ "k8s:pod-label:app:starting", "k8s:container-name:migrate", "k8s:container-type:init" ] }
              - { id: /beacon, selectors: [ "k8s:pod-name:beacon-node", "k8s:pod-image:example.org/beacon:1" ] }
              - { id: /flaky, selectors: [ "k8s:pod-name:flaky", "containerd:namespace:k8s.io", "containerd:label:io.kubernetes.container.name:app" ] }
              - { id: /early, selectors: [ "k8s:pod-label:app:early" ] }
              - { id: /host, selectors: [ "unix:uid:1500" ] }
            """);
    }

    public async Task DisposeAsync()
    {
        if (KubernetesFactAttribute.Missing() is null) await node.Agent.StopAsync();
    }

    [KubernetesFact]
    public Task Best_effort_pod_is_known_by_namespace_account_labels_and_container() => AssertKnownAsync("default", "web", "web", "web");

    [KubernetesFact]
    public Task Burstable_pod_is_known_by_owner_account_and_images() => AssertKnownAsync("store", Shop, "app", "shop/app");

    [KubernetesFact]
    public Task Sidecar_is_another_than_the_container_beside_it() => AssertKnownAsync("store", Shop, "proxy", "shop/proxy");

    [KubernetesFact]
    public Task Guaranteed_pod_is_known_by_its_uid() => AssertKnownAsync("store", "ledger", "ledger", "ledger");

    [KubernetesFact]
    public Task Init_container_is_known_while_it_runs() => AssertKnownAsync("store", "starting", "migrate", "migrate");

    [KubernetesFact]
    public Task Static_pod_is_known() => AssertKnownAsync("default", "beacon-node", "beacon", "beacon");

    [KubernetesFact]
    public Task Restarted_container_is_known_to_kubelet_and_containerd() => AssertKnownAsync("store", "flaky", "app", "flaky");

    [KubernetesFact]
    public async Task Ephemeral_container_is_itself_and_not_the_container_that_it_debugs()
    {
        CommandResult result = await node.FetchInCgroupAsync(await node.ContainerAsync("default", "web", "probe"));

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/probe");
    }

    [KubernetesFact]
    public async Task Process_that_asks_with_its_first_breath_is_served()
    {
        // Its container is not on the kubelet's list yet.
        await node.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: { name: early, labels: { app: early } }
            spec:
              nodeName: node
              restartPolicy: Never
              terminationGracePeriodSeconds: 0
              containers:
                - name: early
                  image: example.org/web:1
                  command: [ /run/bin/spiffe-agent, fetch, x509, --output, json ]
                  volumeMounts:
                    - { name: usr, mountPath: /usr, readOnly: true }
                    - { name: agent, mountPath: /run/bin, readOnly: true }
                    - { name: sockets, mountPath: /run/spiffe, readOnly: true }
              volumes:
                - { name: usr, hostPath: { path: /usr } }
                - { name: agent, hostPath: { path: /run/bin } }
                - { name: sockets, hostPath: { path: /run/spiffe } }
            """);
        try
        {
            CommandResult result = await node.TryShellAsync("""
                for i in $(seq 300); do
                  phase=$(/run/node/kubectl get pod early --output 'jsonpath={.status.phase}')
                  case $phase in Succeeded | Failed) /run/node/kubectl logs early; exit;; esac
                  sleep 0.1
                done
                exit 1
                """);

            X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/early");
        }
        finally
        {
            await node.KubectlAsync("delete", "pod", "early", "--force", "--grace-period", "0");
        }
    }

    [KubernetesFact]
    public async Task Cgroup_of_another_pod_nested_in_the_own_one_changes_nothing()
    {
        string attacker = await node.ContainerAsync("default", "web", "web"), victim = await node.ContainerAsync("store", "ledger", "ledger");
        string victimPath = await node.ShellAsync($"find /sys/fs/cgroup/kubepods -name {victim} -prune -printf 'kubepods/%P'");

        CommandResult result = await node.FetchInCgroupAsync(attacker, victimPath);

        // Its path ends in the victim's whole path; the agent that takes the last pod on it would take it for the ledger.
        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/web");
    }

    [KubernetesFact]
    public async Task Pod_that_no_entry_describes_is_denied()
    {
        await node.Agent.StopAsync();
        await node.Agent.StartAsync("""
            attestors:
              kubernetes: { client_certificate: /run/node/pki/agent.crt, client_key: /run/node/pki/agent.key, ca_file: /run/node/pki/ca.crt, node_name: node }
            entries:
              - { id: /other, selectors: [ "k8s:ns:default", "k8s:pod-label:app:ledger" ] }
            """);

        // The label is that of a pod in another namespace.
        Assert.Equal(Denied, (await node.FetchInAsync("store", "ledger", "ledger")).ExitCode);
        Assert.Equal(Denied, (await node.FetchInAsync("default", "web", "web")).ExitCode);
    }

    [KubernetesFact]
    public async Task Kubelet_that_hangs_makes_its_pods_wait_and_nobody_else()
    {
        CommandResult waiting, onHost;
        await node.SignalKubeletAsync("STOP");
        try
        {
            // What it said a moment ago may still be believed.
            await Task.Delay(TimeSpan.FromSeconds(2));
            waiting = await node.FetchInAsync("store", "ledger", "ledger");
            onHost = await node.TryShellAsync("setpriv --reuid 1500 --regid 1500 --clear-groups /run/bin/spiffe-agent fetch x509 --output json");
        }
        finally
        {
            await node.SignalKubeletAsync("CONT");
        }

        // Not knowing is not the same as being nobody.
        Assert.True(waiting.ExitCode == Unavailable, waiting.ToString());
        X509Fetch.Of(onHost).HasOneValidSvid("spiffe://example.org/host");
        await AssertKnownAsync("store", "ledger", "ledger", "ledger");
    }

    private async Task AssertKnownAsync(string @namespace, string pod, string container, string identity) =>
        X509Fetch.Of(await node.FetchInAsync(@namespace, pod, container)).HasOneValidSvid($"spiffe://example.org/{identity}");
}
