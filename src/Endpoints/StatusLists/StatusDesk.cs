using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Spiffe.Agent.Identity.X509;
using Spiffe.Agent.Issuance;
using Spiffe.Agent.Issuance.Revocation;

namespace Spiffe.Agent.Endpoints.StatusLists;

/// <summary>Answers what is asked about status. Decides nothing: the lists come from Issuance, signed at most once for each change.</summary>
internal sealed class StatusDesk(Serving serving, TimeProvider time)
{
    private const int TagBytes = 16;

    public StatusReply Answer(string method, string target)
    {
        StatusRoute route = StatusRoute.Of(target);
        if (route.Resource == StatusResource.None) return StatusReply.Empty(StatusCodes.Status404NotFound);
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)) return StatusReply.Empty(StatusCodes.Status405MethodNotAllowed);
        if (serving.Issuance is not { } issuance) return StatusReply.Empty(StatusCodes.Status503ServiceUnavailable);
        return route.Resource switch
        {
            StatusResource.List => List(issuance, route.List),
            StatusResource.Keys => Keys(issuance),
            StatusResource.Crl => Crl(issuance, route.IssuerKeyId),
            _ => StatusReply.Empty(StatusCodes.Status501NotImplemented),
        };
    }

    private StatusReply List(IssuanceService issuance, long number)
    {
        if (issuance.StatusLists?.Get(number) is not { } list) return StatusReply.Empty(StatusCodes.Status404NotFound);
        // Counted from when it was signed: whoever keeps it for that long holds nothing that is older than its time to live.
        double left = Math.Clamp((list.IssuedAt + list.TimeToLive - time.GetUtcNow()).TotalSeconds, 0, list.TimeToLive.TotalSeconds);
        return new StatusReply(StatusCodes.Status200OK, "application/statuslist+jwt", list.Token, list.Tag, string.Create(CultureInfo.InvariantCulture, $"max-age={(long)left}"));
    }

    private static StatusReply Keys(IssuanceService issuance)
    {
        if (issuance.StatusLists is not { } lists) return StatusReply.Empty(StatusCodes.Status404NotFound);
        ReadOnlyMemory<byte> keys = lists.KeySet;
        string tag = Convert.ToHexStringLower(SHA256.HashData(keys.Span).AsSpan(0, TagBytes));
        return new StatusReply(StatusCodes.Status200OK, "application/jwk-set+json", keys, tag, "max-age=60");
    }

    private static StatusReply Crl(IssuanceService issuance, string issuerKeyId)
    {
        CrlSet current = issuance.Crls.Current;
        CertificateRevocationList? list = issuerKeyId.Length == 0
            ? current.Lists[0]
            : current.Lists.FirstOrDefault(l => string.Equals(l.IssuerKeyId, issuerKeyId, StringComparison.Ordinal));
        if (list is null) return StatusReply.Empty(StatusCodes.Status404NotFound);
        string tag = string.Create(CultureInfo.InvariantCulture, $"{list.IssuerKeyId}.{list.Number}");
        return new StatusReply(StatusCodes.Status200OK, "application/pkix-crl", list.Der, tag, "no-cache");
    }
}
