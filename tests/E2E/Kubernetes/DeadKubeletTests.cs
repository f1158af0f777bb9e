using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Kubernetes;

/// <summary>A node of its own, whose kubelet dies and stays dead.</summary>
public sealed class DeadKubeletTests
{
    [KubernetesFact]
    public async Task Dead_kubelet_makes_its_pods_wait_and_nobody_else()
    {
        KubernetesNode node = new();
        try
        {
            await node.InitializeAsync();
            await node.Agent.StartAsync("""
                attestors:
                  kubernetes: { client_certificate: /run/node/pki/agent.crt, client_key: /run/node/pki/agent.key, ca_file: /run/node/pki/ca.crt, node_name: node }
                entries:
                  - { id: /ledger, selectors: [ "k8s:pod-name:ledger", "unix:uid:0" ] }
                  - { id: /lesser, selectors: [ "unix:uid:0" ] }
                  - { id: /host, selectors: [ "unix:uid:1500" ] }
                """);
            await node.SignalKubeletAsync("KILL");
            // What it said a moment ago may still be believed.
            await Task.Delay(TimeSpan.FromSeconds(2));

            CommandResult pod = await node.FetchInAsync("store", "ledger", "ledger");
            CommandResult onHost = await node.TryShellAsync("setpriv --reuid 1500 --regid 1500 --clear-groups /run/bin/spiffe-agent fetch x509 --output json");

            // The identity that the pod would have had by its user alone is not given in the place of its own.
            Assert.True(pod.ExitCode == 69, pod.ToString());
            X509Fetch.Of(onHost).HasOneValidSvid("spiffe://example.org/host");
        }
        finally
        {
            await node.DisposeAsync();
        }
    }
}
