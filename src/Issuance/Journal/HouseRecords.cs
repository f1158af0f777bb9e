using System.Globalization;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Store;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Issuance.Svids;

namespace Spiffe.Agent.Issuance.Journal;

/// <summary>Entries that are of no task, as records. docs/audit.md has the table.</summary>
internal static class HouseRecords
{
    public static AuditRecord Of(SvidEntry entry) => new(RecordTypes.SvidIssued, entry.At, new RecordFields()
        .Add(RecordNames.Id, entry.SpiffeId)
        .Add(RecordNames.CredentialKind, NameOf(entry.Kind))
        .Add(RecordNames.Credential, entry.CredentialId)
        .Add(RecordNames.ExpiresAt, entry.ExpiresAt)
        .Add("entry", entry.Source)
        .Add("replaces", entry.Replaces));

    public static AuditRecord Of(CallerEntry entry) => Owed(RecordTypes.CallerRefused, entry.At, new RecordFields()
        .Add(RecordNames.Process, string.Create(CultureInfo.InvariantCulture, $"pid {entry.ProcessId} uid {entry.UserId}"))
        .Add(RecordNames.Cause, entry.Refusal.ToString())
        .Add(RecordNames.Trigger, entry.Detail)
        .Add("count", entry.Count));

    public static AuditRecord Of(OperatorEntry entry) => Owed(RecordTypes.EntryChanged, entry.At, new RecordFields()
        .Add(RecordNames.Action, entry.Action)
        .Add(RecordNames.Process, entry.By.ToString())
        .Add("name", entry.Name)
        .Add(RecordNames.Id, entry.SpiffeId));

    public static AuditRecord Of(ErasureEntry entry) => new(RecordTypes.TextErased, entry.At, new RecordFields()
        .Add(RecordNames.Process, entry.By.ToString())
        .Add("index", entry.Index));

    public static AuditRecord Of(ClockEntry entry) => Owed(RecordTypes.ClockAnomaly, entry.At, new RecordFields().Add("milliseconds", (long)entry.Step.TotalMilliseconds));

    public static AuditRecord Of(StandingEntry entry) => Owed(RecordTypes.StandingAccess, entry.At, new RecordFields()
        .Add(RecordNames.Id, entry.SpiffeId)
        .Add("entry", entry.Name)
        .Add(RecordNames.State, "overdue"));

    public static AuditRecord Of(InventoryEntry entry) => new(RecordTypes.InventoryTaken, entry.At, new RecordFields()
        .Add(RecordNames.Process, entry.By.ToString())
        .Add("digest", entry.Digest)
        .Add("tasks", entry.Tasks));

    public static string NameOf(SvidKind kind) => kind switch
    {
        SvidKind.X509 => "x509",
        SvidKind.Jwt => "jwt",
        _ => "wit",
    };

    public static string NameOf(CredentialKind kind) => kind switch
    {
        CredentialKind.X509 => "x509",
        CredentialKind.Jwt => "jwt",
        CredentialKind.Wit => "wit",
        _ => "action_token",
    };

    private static AuditRecord Owed(string type, DateTimeOffset at, RecordFields data) => new(type, at, data) { IsOwed = true };
}
