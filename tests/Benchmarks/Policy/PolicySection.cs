using Spiffe.Agent.Policy.Authorization;
using Spiffe.Agent.Policy.Entities;

namespace Spiffe.Agent.Tests.Benchmarks.Policy;

/// <summary>
/// What a decision costs among 1, 100 and 10,000 policies, beside the same rule written in C#. "simple": one policy is meant for the caller and applies.
/// "rich": sets, records, addresses, decimals and a hierarchy, two permits and a forbid to look at.
/// </summary>
internal static class PolicySection
{
    private const int Calls = 2_000;

    public static void Run()
    {
        foreach (int count in (int[])[1, 100, 10_000])
        {
            PolicySet simple = Worlds.Simple(count), rich = Worlds.Rich(count);
            (AuthorizationRequest request, EntityStore entities) = Worlds.SimpleRequest();
            (AuthorizationRequest richRequest, EntityStore richEntities) = Worlds.RichRequest();
            HandWritten byHand = new();
            if (!simple.Decide(request, entities).IsAllowed || !rich.Decide(richRequest, richEntities).IsAllowed || !byHand.Simple(request) || !byHand.Rich(richRequest, richEntities))
            {
                throw new InvalidOperationException("a decision is not what it is measured for");
            }

            var results = Stopclock.Measure(
                Calls,
                ("simple, in C# by hand", () => byHand.Simple(request)),
                ("simple", () => simple.Decide(request, entities)),
                ("rich, in C# by hand", () => byHand.Rich(richRequest, richEntities)),
                ("rich", () => rich.Decide(richRequest, richEntities)));
            Console.WriteLine($"{count:N0} policies");
            for (int i = 0; i < results.Count; i++)
            {
                (string name, double microseconds, long bytes) = results[i];
                Console.WriteLine($"{name,-44} {microseconds,9:F3} us {bytes,7} B   {microseconds / results[i / 2 * 2].Microseconds:F2} x floor");
            }
        }
    }
}
