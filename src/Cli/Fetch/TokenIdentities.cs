using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Tokens;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>Prints JWT- and WIT-SVIDs.</summary>
internal static class TokenIdentities
{
    /// <summary>The token on a line of its own, then what it says. Never a private key.</summary>
    public static string Text(IReadOnlyList<TokenIdentity> identities, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        foreach (TokenIdentity identity in identities)
        {
            if (!ReferenceEquals(identity, identities[0])) page.Raw();
            page.Raw(identity.Text).Heading(identity.SpiffeId, Remark.Of(identity.IsDefault, identity.Hint));
            TokenText.Write(page, identity.Token, now);
        }

        return page.ToString();
    }

    /// <summary>docs/cli.md; with the private keys of WIT-SVIDs.</summary>
    public static string Json(IReadOnlyList<TokenIdentity> identities, bool onOneLine) => JsonText.Object(onOneLine, json => json.WriteObjects("svids", identities, (_, identity) =>
    {
        json.WriteString("spiffe_id", identity.SpiffeId);
        json.WriteString("hint", identity.Hint);
        json.WriteBoolean("default", identity.IsDefault);
        TokenJson.Write(json, identity.Text, identity.Token);
        if (identity.PrivateKey is not { } key) return;
        json.WritePropertyName("private_key");
        key.WriteTo(json);
    }));
}
