using System.Collections.Immutable;
using Spiffe.Agent.Residue.Needles;

namespace Spiffe.Agent.Residue;

/// <summary>What one credential is known by when it is looked for. Holds nothing that the credential could be had from.</summary>
public sealed class CredentialPrint
{
    internal CredentialPrint(string kind, string id, ImmutableArray<Needle> needles) => (Kind, Id, Needles) = (kind, id, needles);

    /// <summary>What it is, for people and receipts.</summary>
    public string Kind { get; }

    /// <summary>Its serial number or token id.</summary>
    public string Id { get; }

    /// <summary>Whether it can be found at all: something secret of it was understood.</summary>
    public bool CanBeFound => !Needles.IsEmpty;

    internal ImmutableArray<Needle> Needles { get; }

    public override string ToString() => $"{Kind} {Id}";
}
