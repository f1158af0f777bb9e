using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>What came of checking a WIT-SVID: the token, still without its proof of possession, or the rule that it broke.</summary>
public readonly record struct WitSvidValidation
{
    private WitSvidValidation(WitSvid? svid, TokenRule broken) => (Svid, Broken) = (svid, broken);

    /// <summary>The checked token; set when, and only when, no rule was broken.</summary>
    public WitSvid? Svid { get; }

    /// <summary>The first rule that was broken.</summary>
    public TokenRule Broken { get; }

    [MemberNotNullWhen(true, nameof(Svid))]
    public bool IsValid => Svid is not null;

    internal static WitSvidValidation Valid(WitSvid svid) => new(svid, TokenRule.None);

    internal static WitSvidValidation Refused(TokenRule broken) => new(null, broken);
}
