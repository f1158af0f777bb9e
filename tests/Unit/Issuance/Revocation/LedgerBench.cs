using System.Globalization;
using Spiffe.Agent.Issuance.Revocation;
using Spiffe.Agent.Tests.TestKit.Time;

namespace Spiffe.Agent.Tests.Unit.Issuance.Revocation;

/// <summary>A ledger on a clock moved by hand, with one task open.</summary>
internal sealed class LedgerBench
{
    public const string Task = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    public const string Child = "bbbbbbbbbbbbbbbbbbbbbbbbbb";

    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private int _last;

    public LedgerBench(RevocationOptions? options = null)
    {
        Ledger = new RevocationLedger(options ?? new RevocationOptions { StatusListUri = "https://node.example.org/status" }, Leeway, Time);
        Assert.True(Ledger.Open(Task));
    }

    public ManualTime Time { get; } = new();

    public RevocationLedger Ledger { get; }

    /// <summary>A credential that can be entered; its name is new.</summary>
    public CredentialRecord New(CredentialKind kind = CredentialKind.Jwt, string task = Task, int generation = 0, TimeSpan? life = null, StatusIndex? status = null) => new()
    {
        Kind = kind,
        Id = string.Create(CultureInfo.InvariantCulture, $"{++_last:x32}"),
        TaskId = task,
        Generation = generation,
        ExpiresAt = Time.GetUtcNow() + (life ?? TimeSpan.FromMinutes(1)),
        IssuerKeyId = kind == CredentialKind.X509 ? "aa" : "",
        Status = status,
    };

    /// <summary>Enters one that must be taken.</summary>
    public CredentialRecord Enter(CredentialKind kind = CredentialKind.Jwt, string task = Task, int generation = 0, TimeSpan? life = null, StatusIndex? status = null)
    {
        CredentialRecord credential = New(kind, task, generation, life, status);
        Assert.Equal(LedgerRefusal.None, Ledger.Issued(credential));
        return credential;
    }

    public CredentialStatus StatusOf(CredentialRecord credential) => Ledger.StatusOf(credential.Kind, credential.Id);
}
