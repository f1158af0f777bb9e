using System.Collections.Immutable;

namespace Spiffe.Agent.Issuance.Tasks.Requests;

/// <summary>Which tasks an operator means: all that is said must hold. One that says nothing means none.</summary>
public sealed record TaskSelection
{
    /// <summary>A task id or a beginning of one that no other has.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>As <see cref="TaskId"/>, and all below it.</summary>
    public string Subtree { get; init; } = "";

    public string Template { get; init; } = "";

    public string Owner { get; init; } = "";

    public string Ticket { get; init; } = "";

    /// <summary><c>sha256:HEX</c> or an absolute path.</summary>
    public string Executable { get; init; } = "";

    public string Subject { get; init; } = "";

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Every task.</summary>
    public bool All { get; init; }

    /// <summary>Why, for the record.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Whether anything is said.</summary>
    public bool SaysAnything => All || TaskId.Length > 0 || Subtree.Length > 0 || Template.Length > 0 || Owner.Length > 0 || Ticket.Length > 0
        || Executable.Length > 0 || Subject.Length > 0 || Labels.Count > 0;
}
