using System.Text.Json;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary>How the log is, in the same words wherever it is told.</summary>
internal static class LogText
{
    public static string Of(JsonElement log) => Of(log.Text("origin"), log.Number("size"), log.Number("lost"), log.Text("fault"));

    public static string Of(string origin, long size, long lost, string fault)
    {
        string gap = lost > 0 ? $", {Moment.Count(lost, "record")} LOST" : "";
        string can = fault.Length > 0 ? $"; CANNOT BE WRITTEN, so nothing is issued: {fault}" : ", can be written";
        return $"{origin}: {Moment.Count(size, "entry", "entries")}{gap}{can}";
    }
}
