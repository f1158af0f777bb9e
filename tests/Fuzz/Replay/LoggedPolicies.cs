using System.Collections.Immutable;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Tests.Fuzz.Replay;

/// <summary>Policies that say something about every act, and their texts as the daemon writes them down.</summary>
internal static class LoggedPolicies
{
    private static readonly PolicySource[] Sources =
    [
        new("base.cedar", """
            permit(principal, action in [Action::"start", Action::"spawn", Action::"renew", Action::"resume", Action::"update"], resource);
            permit(principal, action == Action::"use", resource) unless { context.tool == "asked" };
            forbid(principal, action == Action::"spawn", resource) when { principal.depth > 2 };

            """),
        new("people.cedar", """
            @id("asks") @obligation("approval") permit(principal, action == Action::"use", resource);
            @id("silent") forbid(principal, action == Action::"use", resource) when { context.action == "comment" };
            @id("no-two") forbid(principal, action == Action::"update", resource) when { context.ticket like "*2" };
            """),
    ];

    public static TaskPolicies All { get; } = TaskPolicies.TryCompile(Sources, out TaskPolicies? policies, out ImmutableArray<PolicyFault> faults) ? policies : throw new FormatException(faults[0].ToString());

    /// <summary>Writes them down, in parts of 40 characters.</summary>
    public static void Write(IAuditLog log, DateTimeOffset at)
    {
        for (int source = 0; source < Sources.Length; source++)
        {
            string[] parts = [.. Sources[source].Text.Chunk(40).Select(chars => new string(chars))];
            for (int part = 0; part < parts.Length; part++)
            {
                log.TryAppend(new AuditRecord(RecordTypes.PolicySource, at, new RecordFields()
                    .Add(RecordNames.PolicyDigest, All.Digest)
                    .Add("name", Sources[source].Name)
                    .Add("source", source)
                    .Add("part", part)
                    .Add("parts", parts.Length)
                    .Add("text", parts[part])));
            }
        }

        log.TryAppend(new AuditRecord(RecordTypes.PoliciesLoaded, at, new RecordFields().Add(RecordNames.PolicyDigest, All.Digest).Add("sources", [.. Sources.Select(source => source.Name)])));
    }
}
