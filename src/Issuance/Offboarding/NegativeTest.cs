using System.Collections.Immutable;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>Asks every way in which others learn of credentials whether those of a task that is over are refused there. By their numbers: nothing is kept to try them with.</summary>
internal sealed class NegativeTest
{
    private readonly ImmutableArray<IRefusalChannel> _atOnce;
    private readonly ImmutableArray<IRefusalChannel> _later;

    /// <param name="atOnce">Those that answer from memory.</param>
    /// <param name="later">Those that may have something signed.</param>
    public NegativeTest(ImmutableArray<IRefusalChannel> atOnce, ImmutableArray<IRefusalChannel> later) => (_atOnce, _later) = (atOnce, later);

    /// <summary>All that this daemon has.</summary>
    public static NegativeTest Of(RevocationLedger ledger, CrlPublisher crls)
    {
        ImmutableArray<IRefusalChannel>.Builder atOnce = ImmutableArray.CreateBuilder<IRefusalChannel>();
        atOnce.Add(new LedgerChannel(ledger));
        atOnce.Add(new MintChannel(ledger));
        atOnce.Add(new VerifierChannel("verify_task", ledger, _ => true));
        atOnce.Add(new VerifierChannel("validate_jwt_svid", ledger, kind => kind is CredentialKind.Jwt or CredentialKind.ActionToken));
        if (ledger.StatusLists is { } lists) atOnce.Add(new StatusListChannel(lists));
        atOnce.Add(new FeedChannel(ledger));
        return new NegativeTest(atOnce.ToImmutable(), [new CrlChannel(() => crls.Current)]);
    }

    /// <summary>Quick: part of the answer to whoever ends a task.</summary>
    public ImmutableArray<ChannelCheck> AtOnce(EndedTask ended) => [.. _atOnce.Select(channel => channel.Ask(ended))];

    /// <summary>The rest, in the background.</summary>
    public ImmutableArray<ChannelCheck> Later(EndedTask ended) => [.. _later.Select(channel => channel.Ask(ended))];
}
