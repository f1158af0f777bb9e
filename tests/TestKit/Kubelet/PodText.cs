using System.Globalization;
using System.Text.Json.Nodes;

namespace Spiffe.Agent.Tests.TestKit.Kubelet;

/// <summary>Writes pods as the kubelet's /pods has them (PodList v1), with the parts that nobody should stumble over: managed fields, specs, conditions, last states.</summary>
public static class PodText
{
    /// <summary>A container id of 64 digits that is this number's own.</summary>
    public static string Id(int number) => number.ToString("x64", CultureInfo.InvariantCulture);

    /// <summary>A pod uid that is this number's own.</summary>
    public static string Uid(int number) => new Guid(number, 0x1a2b, 0x4c3d, [0x8e, 0x4f, 0, 0, 0, 0, 0, 1]).ToString();

    public static string List(params IEnumerable<JsonNode> pods) =>
        new JsonObject { ["kind"] = "PodList", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. pods.Select(static pod => pod.DeepClone())]) }.ToJsonString();

    /// <summary>A web pod with one container that runs; a test changes what it likes.</summary>
    public static JsonObject Pod(int number, params IEnumerable<JsonNode> containers)
    {
        JsonNode[] statuses = [.. containers];
        if (statuses.Length == 0) statuses = [Status("web", number)];
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"web-{number}",
                ["generateName"] = "web-",
                ["namespace"] = "shop",
                ["uid"] = Uid(number),
                ["resourceVersion"] = "4711",
                ["creationTimestamp"] = "2026-06-01T12:00:00Z",
                ["labels"] = new JsonObject { ["app"] = "web", ["tier"] = "", ["pod-template-hash"] = "7d9f8" },
                ["annotations"] = new JsonObject { ["kubernetes.io/config.seen"] = "2026-06-01T12:00:00Z", ["kubernetes.io/config.source"] = "api", ["note"] = "\"uid\": \"forged\"" },
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "apps/v1",
                    ["kind"] = "ReplicaSet",
                    ["name"] = "web-7d9f8",
                    ["uid"] = "aaaaaaaa-0000-4000-8000-000000000001",
                    ["controller"] = true,
                }),
                ["managedFields"] = new JsonArray(new JsonObject
                {
                    ["manager"] = "kube-controller-manager",
                    ["operation"] = "Update",
                    ["fieldsV1"] = new JsonObject { ["f:metadata"] = new JsonObject { ["f:labels"] = new JsonObject { ["f:app"] = new JsonObject() } } },
                }),
            },
            ["spec"] = new JsonObject
            {
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "web",
                    ["image"] = "registry.example/web:1",
                    ["env"] = new JsonArray(new JsonObject { ["name"] = "PASSWORD", ["value"] = "hunter2" }),
                    ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "1", ["memory"] = "64Mi" } },
                }),
                ["restartPolicy"] = "Always",
                ["terminationGracePeriodSeconds"] = 30,
                ["serviceAccountName"] = "web",
                ["serviceAccount"] = "web",
                ["nodeName"] = "node-1",
                ["enableServiceLinks"] = true,
            },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True", ["lastProbeTime"] = null }),
                ["hostIP"] = "10.0.0.1",
                ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = "10.1.0.7" }),
                ["containerStatuses"] = new JsonArray(statuses),
                ["qosClass"] = "Burstable",
            },
        };
    }

    /// <summary>The status of a container that runs and has run before.</summary>
    public static JsonObject Status(string name, int number, string runtime = "containerd") => new()
    {
        ["name"] = name,
        ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = "2026-06-01T12:00:01Z" } },
        ["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 1, ["containerID"] = $"{runtime}://{Id(number + 0x1000000)}" } },
        ["ready"] = true,
        ["restartCount"] = 1,
        ["image"] = $"registry.example/{name}:1",
        ["imageID"] = $"registry.example/{name}@sha256:{Id(number + 0x2000000)}",
        ["containerID"] = $"{runtime}://{Id(number)}",
        ["started"] = true,
    };
}
