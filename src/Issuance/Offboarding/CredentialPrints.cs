using Spiffe.Agent.Issuance.Journal;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;
using Spiffe.Agent.Residue;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Takes the print of everything secret that is about to be issued to a task, before it leaves.</summary>
internal sealed class CredentialPrints
{
    private readonly PrintBook _book = new();

    /// <summary>Who takes them, and finds by them.</summary>
    public Fingerprinter Fingerprinter { get; } = new();

    /// <summary>Begins with a task.</summary>
    public void Open(string taskId) => _book.Open(taskId);

    /// <summary>Of what was signed and has not left: called before the ledger takes it, so that whatever leaves has its print in the book when its task ends.</summary>
    public void Take(string taskId, CredentialKind kind, SignedSvid signed)
    {
        if (signed.Print is not { } print) return; // The holder's own key, which we never had.
        CredentialPrint taken = print(Fingerprinter, HouseRecords.NameOf(kind));
        if (taken.CanBeFound) _book.Add(taskId, taken);
        else _book.Miss(taskId);
    }

    /// <summary>Ends with a task: what there is of it.</summary>
    public (IReadOnlyList<CredentialPrint> Prints, int Lost) Close(string taskId) => _book.Close(taskId);
}
