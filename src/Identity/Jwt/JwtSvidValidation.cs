using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Identity.Jwt;

/// <summary>What came of checking a JWT-SVID: the token, or the rule that it broke.</summary>
public readonly record struct JwtSvidValidation
{
    private JwtSvidValidation(JwtSvid? svid, TokenRule broken) => (Svid, Broken) = (svid, broken);

    /// <summary>The checked token; set when, and only when, no rule was broken.</summary>
    public JwtSvid? Svid { get; }

    /// <summary>The first rule that was broken.</summary>
    public TokenRule Broken { get; }

    [MemberNotNullWhen(true, nameof(Svid))]
    public bool IsValid => Svid is not null;

    internal static JwtSvidValidation Valid(JwtSvid svid) => new(svid, TokenRule.None);

    internal static JwtSvidValidation Refused(TokenRule broken) => new(null, broken);
}
