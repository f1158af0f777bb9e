using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spiffe.Agent.Attestation.Attestors.Kubernetes.Pods;

namespace Spiffe.Agent.Tests.Benchmarks.Attesting;

/// <summary>What the list of a full node costs to read, beside walking over its JSON and beside making a tree of it. The pods are a real kubelet's, repeated under other ids.</summary>
internal static class KubeletSection
{
    private const string Recorded = "tests/Unit/Attestation/Kubernetes/Recorded/pods.json";
    private const int Pods = 500;

    public static void Run()
    {
        if (!File.Exists(Recorded))
        {
            Console.WriteLine($"not measured: {Recorded} is not below the current directory");
            return;
        }

        byte[] list = FullNode();
        Console.WriteLine($"{Pods} pods, {list.Length / 1024} KiB");
        var results = Stopclock.Measure(
            1,
            ("floor: every token once", () => Walk(list)),
            ("the pods of a list", () => _ = Read(list)),
            ("a tree of it (JsonDocument)", () => JsonDocument.Parse(list).Dispose()));
        Stopclock.Print(results, results[0].Microseconds);
    }

    private static PodList Read(byte[] list)
    {
        PodList read = PodListReader.ReadAsync(new MemoryStream(list), list.Length, CancellationToken.None).GetAwaiter().GetResult();
        return read.Count == Pods ? read : throw new InvalidOperationException($"{read.Count} pods");
    }

    private static void Walk(byte[] list)
    {
        Utf8JsonReader reader = new(list);
        while (reader.Read())
        {
        }
    }

    private static byte[] FullNode()
    {
        JsonNode recorded = JsonNode.Parse(File.ReadAllBytes(Recorded))!;
        JsonArray items = recorded["items"]!.AsArray();
        List<JsonNode> pods = [];
        for (int number = 0; pods.Count < Pods; number++)
        {
            JsonNode pod = items[number % items.Count]!.DeepClone();
            pod["metadata"]!["uid"] = Guid.NewGuid().ToString();
            foreach (string kind in (string[])["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"])
            {
                foreach (JsonNode? status in pod["status"]![kind]?.AsArray() ?? [])
                {
                    if (status!["containerID"] is not null) status["containerID"] = $"containerd://{(number * 8 + pods.Count).ToString("x32", CultureInfo.InvariantCulture)}{Guid.NewGuid():N}";
                }
            }

            pods.Add(pod);
        }

        recorded["items"] = new JsonArray([.. pods]);
        return Encoding.UTF8.GetBytes(recorded.ToJsonString());
    }
}
