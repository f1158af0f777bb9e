using System.Collections.Immutable;
using Google.Protobuf;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>What stands against a change of the entries, as a status: one sentence, and every fault in its details.</summary>
internal static class EntryFailures
{
    /// <summary>Bytes of faults that go into the trailers of one answer. Ours: a quarter of what our clients take; the rest is counted.</summary>
    private const int MaxBytes = 16 * 1024;

    /// <summary>The written entries break the configuration's rules.</summary>
    public static RpcException Of(ImmutableArray<Registration.EntryFault> faults) => Make(StatusCode.InvalidArgument, [.. faults.Select(EntryMessages.Of)]);

    /// <summary>One field of the request is wrong.</summary>
    public static RpcException Of(string field, string value, string problem, string remedy) =>
        Make(StatusCode.InvalidArgument, [new Protocols.Admin.EntryFault { Key = field, Value = value, Problem = problem, Remedy = remedy }]);

    /// <summary>The change was refused.</summary>
    /// <param name="refusals">All that stands against it.</param>
    /// <param name="written">The entries of the change, in the order of the request.</param>
    public static RpcException Of(ImmutableArray<EntryRefusal> refusals, ImmutableArray<Registration.Entry> written) =>
        Make(Code(refusals[0].Reason), [.. refusals.Select(r => Fault(r, written))]);

    private static StatusCode Code(EntryRefusalReason reason) => reason switch
    {
        EntryRefusalReason.Exists => StatusCode.AlreadyExists,
        EntryRefusalReason.NotFound => StatusCode.NotFound,
        EntryRefusalReason.Ambiguous => StatusCode.InvalidArgument,
        EntryRefusalReason.Full => StatusCode.ResourceExhausted,
        EntryRefusalReason.NotKept => StatusCode.Aborted,
        _ => StatusCode.FailedPrecondition,
    };

    private static Protocols.Admin.EntryFault Fault(EntryRefusal refusal, ImmutableArray<Registration.Entry> written)
    {
        (string key, string value, string problem, string remedy) = Words(refusal);
        if (refusal.Culprit is { } culprit) key = $"entries[{Math.Max(0, written.IndexOf(culprit))}]{key}";
        return new Protocols.Admin.EntryFault { Key = key, Value = value, Problem = problem, Remedy = remedy };
    }

    private static (string Key, string Value, string Problem, string Remedy) Words(EntryRefusal refusal) => refusal.Reason switch
    {
        EntryRefusalReason.Exists => (
            "", refusal.Culprit!.Id.Text, $"exists: {refusal.Other!.Name} ({Origin(refusal.Other)}) grants the same id to the same selectors", "update that one, or remove it first"),
        EntryRefusalReason.HintTaken => (
            ".hint", refusal.Detail, $"is the hint of {refusal.Other!.Name} ({refusal.Other.Id}, {Origin(refusal.Other)}) too, and one caller could match both", "give each its own hint (Workload API §5.2.1)"),
        EntryRefusalReason.HintTooCommon => (
            ".hint", refusal.Detail, $"is the hint of more than {HintRule.MaxPairwise} entries that name no kind of selector in common", "give them different hints, or a unix:uid each"),
        EntryRefusalReason.NotFound => ("", refusal.Detail, "names no entry", "list them: spiffe-agent entry list"),
        EntryRefusalReason.Ambiguous when refusal.Other is { } other && refusal.Detail.StartsWith("spiffe://", StringComparison.Ordinal) => (
            "", refusal.Detail, $"is granted by {other.Name} too ({Origin(other)})", "name the entries, or remove all of them with --all"),
        EntryRefusalReason.Ambiguous => ("", refusal.Detail, "begins the names of several entries", "write more of the name"),
        EntryRefusalReason.WrittenElsewhere when refusal.Other!.Origin.Kind == EntryOriginKind.File => (
            "", refusal.Other.Name, $"is written in {refusal.Other.Origin}, where it would come back from at the next start", "edit it there and restart the agent"),
        EntryRefusalReason.WrittenElsewhere => ("", refusal.Other!.Name, "was made by --dev", "it is there as long as the agent runs with --dev"),
        EntryRefusalReason.Full => ("", "", $"would be more than {refusal.Detail} entries over the admin socket", "remove some, or raise limits.max_admin_entries and restart the agent"),
        _ => ("", "", $"could not be kept, so nothing was changed: {refusal.Detail}", "see to the file, then try again"),
    };

    private static RpcException Make(StatusCode code, IReadOnlyList<Protocols.Admin.EntryFault> faults)
    {
        EntryFaults details = new();
        int bytes = 0;
        foreach (Protocols.Admin.EntryFault fault in faults)
        {
            bytes += fault.CalculateSize();
            if (bytes > MaxBytes && details.Faults.Count > 0) break;
            details.Faults.Add(fault);
        }

        details.More = faults.Count - details.Faults.Count;
        Protocols.Admin.EntryFault first = faults[0];
        string more = faults.Count > 1 ? $" (and {faults.Count - 1} more)" : "";
        return new RpcException(new Status(code, $"{Join(first.Key, Quoted(first.Value))} {first.Problem}; {first.Remedy}{more}".TrimStart()), (IReadOnlyList<IMessage>)[details]);
    }

    private static string Origin(Registration.Entry entry) => entry.Origin.Kind switch
    {
        EntryOriginKind.File => $"written in {entry.Origin}",
        EntryOriginKind.Admin => "given over the admin socket",
        _ => "made by --dev",
    };

    private static string Join(string key, string value) => key.Length > 0 && value.Length > 0 ? $"{key}: {value}" : key + value;

    private static string Quoted(string value) => value.Length == 0 ? "" : $"'{value}'";
}
