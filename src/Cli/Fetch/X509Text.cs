using Spiffe.Agent.Cli.Certificates;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Fetch;

/// <summary>X.509-SVIDs for people. Never a private key.</summary>
internal static class X509Text
{
    public static string Write(X509Update update, DateTimeOffset now, bool isStyled)
    {
        TextPage page = new(isStyled);
        CertificateView[] authorities = [.. update.Bundles.SelectMany(b => b.Authorities)];
        foreach (X509Identity identity in update.Identities) Write(page, identity, authorities, now);
        foreach (X509Bundle bundle in update.Bundles) Write(page, bundle, now);
        if (update.Crls.Count > 0) page.Raw().Raw(Moment.Count(update.Crls.Count, "revocation list"));
        return page.ToString();
    }

    public static void Write(TextPage page, X509Bundle bundle, DateTimeOffset now)
    {
        string authorities = Moment.Count(bundle.Authorities.Count, "X.509 authority", "X.509 authorities");
        page.Heading(bundle.TrustDomain, $"trust domain{(bundle.IsFederated ? ", federated" : "")}, {authorities}");
        foreach (CertificateView authority in bundle.Authorities)
        {
            page.Field("authority", $"{authority.Name}, {authority.Key}")
                .Field("", $"expires {Moment.Relative(authority.NotAfter, now)}")
                .Field("", $"sha256 {authority.Sha256}");
        }
    }

    private static void Write(TextPage page, X509Identity identity, CertificateView[] authorities, DateTimeOffset now)
    {
        page.Heading(identity.SpiffeId, Remark.Of(identity.IsDefault, identity.Hint))
            .Field(identity.Leaf.NotAfter >= now ? "expires" : "expired", Moment.Relative(identity.Leaf.NotAfter, now))
            .Field("rotates", identity.RotationExpectedAt > now ? $"about {Moment.Distance(identity.RotationExpectedAt, now)}, at half of its life" : "any moment now: half of its life is over");
        if (identity.Leaf.DnsNames.Count > 0) page.Field("DNS names", string.Join(", ", identity.Leaf.DnsNames));
        for (int i = 0; i < identity.Chain.Count; i++)
        {
            CertificateView certificate = identity.Chain[i];
            page.Field(i == 0 ? "certificate" : "issuer", $"{certificate.Name}, {certificate.Key}")
                .Field("", $"serial {certificate.SerialNumber}")
                .Field("", $"issued by {certificate.IssuerAmong(identity.Chain.Skip(i + 1).Concat(authorities))}");
        }
    }
}
