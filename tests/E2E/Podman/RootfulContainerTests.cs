using Spiffe.Agent.Tests.E2E.Answers;
using Spiffe.Agent.Tests.E2E.Hosts;

namespace Spiffe.Agent.Tests.E2E.Podman;

/// <summary>Containers of root are known by what root's Podman says of them.</summary>
[Collection(PodmanCollection.Name)]
public sealed class RootfulContainerTests(PodmanMachine machine)
{
    [PodmanFact]
    public async Task Container_is_known_by_its_labels()
    {
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByRoot, PodmanMachine.Labels);

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/by-label");
    }

    [PodmanFact]
    public async Task Container_is_known_by_its_name()
    {
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByRoot, "--name till");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/by-name");
    }

    [PodmanFact]
    public async Task Container_is_known_by_its_image_and_a_variable()
    {
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByRoot, "-e STAGE=production");

        X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/by-image");
    }

    [PodmanFact]
    public async Task Container_is_known_by_its_pod()
    {
        _ = (await machine.ShellAsync("podman-root pod create --infra=false --name shop")).Text;
        try
        {
            CommandResult result = await machine.ShellAsync(
                "podman-root run --rm --pod shop --network none -v /usr:/usr:ro -v /run/spiffe:/run/spiffe:ro usr:1 spiffe-agent fetch x509 --output json");

            X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/by-pod");
        }
        finally
        {
            _ = await machine.ShellAsync("podman-root pod rm --force shop");
        }
    }

    [PodmanFact]
    public async Task Process_that_joins_a_container_is_the_container_s()
    {
        await machine.StartAsync(PodmanMachine.ByRoot, $"--name joined {PodmanMachine.Labels}");
        try
        {
            CommandResult result = await machine.ShellAsync("podman-root exec joined spiffe-agent fetch x509 --output json");

            X509Fetch.Of(result).HasOneValidSvid("spiffe://example.org/by-label");
        }
        finally
        {
            _ = await machine.ShellAsync("podman-root rm --force --time 0 joined");
        }
    }

    [PodmanFact]
    public async Task Container_with_one_label_of_two_is_denied()
    {
        CommandResult result = await machine.FetchAsync(PodmanMachine.ByRoot, "--label role=payments");

        Assert.True(result.ExitCode == 77, result.ToString());
    }
}
