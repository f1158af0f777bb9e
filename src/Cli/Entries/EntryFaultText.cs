using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary>What is wrong with written entries, named as the person wrote it: by file, line and column, or by flag.</summary>
internal static class EntryFaultText
{
    /// <summary>As a compiler writes it where there is a document; else as every other fault of this program.</summary>
    /// <param name="fault">The agent's word.</param>
    /// <param name="document">Names the file; null where flags were written.</param>
    /// <param name="exitCode">How the program ends.</param>
    public static string Of(EntryFault fault, string? document, int exitCode) => document is null
        ? new Fault(exitCode, Sentence(fault, EntryFields.FlagOf(fault.Key)), "", fault.Remedy).ToString()
        : SafeText.Of($"{document}{Place(fault)}: {Key(fault.Key)}{Sentence(fault, "")}; {fault.Remedy}");

    public static string Warning(EntryFault fault, string? document) =>
        SafeText.Of(document is null ? $"warning: {Sentence(fault, EntryFields.FlagOf(fault.Key))}; {fault.Remedy}" : $"warning: {document}{Place(fault)}: {Key(fault.Key)}{Sentence(fault, "")}; {fault.Remedy}");

    private static string Sentence(EntryFault fault, string flag) => string.Join(' ', new[] { flag, fault.Value.Length > 0 ? $"'{fault.Value}'" : "", fault.Problem }.Where(part => part.Length > 0));

    private static string Place(EntryFault fault) => fault.Line > 0 ? FormattableString.Invariant($":{fault.Line}:{fault.Column}") : "";

    private static string Key(string key) => key.Length > 0 ? $"{key}: " : "";
}
