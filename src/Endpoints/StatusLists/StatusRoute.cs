using System.Buffers;
using System.Globalization;

namespace Spiffe.Agent.Endpoints.StatusLists;

/// <summary>What a request asks for, read from its target as it was sent: nothing is decoded, so there is one way to write each.</summary>
/// <param name="Resource">What.</param>
/// <param name="List">The number of a status list.</param>
/// <param name="IssuerKeyId">The key whose revocation list is wanted; empty for the one that signs now.</param>
internal readonly record struct StatusRoute(StatusResource Resource, long List, string IssuerKeyId)
{
    private const string Lists = "/status/";
    private const string Keys = "/status/keys";
    private const string Crl = "/crl";
    private const int KeyIdLength = 40;
    private const int MaxDigits = 18;

    private static readonly SearchValues<char> LowerHexadecimal = SearchValues.Create("0123456789abcdef");

    public static StatusRoute Of(ReadOnlySpan<char> target)
    {
        int query = target.IndexOf('?');
        // draft-ietf-oauth-status-list §8.4: who asks for the past and is not answered so must be told.
        if (query >= 0) return At(Of(target[..query]).Resource == StatusResource.List && target[query..].StartsWith("?time=", StringComparison.Ordinal) ? StatusResource.Past : StatusResource.None);
        if (target.SequenceEqual(Keys)) return At(StatusResource.Keys);
        if (target.SequenceEqual(Crl)) return At(StatusResource.Crl);
        if (target.StartsWith(Crl + "/", StringComparison.Ordinal)) return OfKey(target[(Crl.Length + 1)..]);
        return target.StartsWith(Lists, StringComparison.Ordinal) ? OfList(target[Lists.Length..]) : At(StatusResource.None);
    }

    // No sign, no space, no zero in front: each list has one address.
    private static StatusRoute OfList(ReadOnlySpan<char> number) =>
        number.Length is > 0 and <= MaxDigits && number[0] != '0' && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long list)
            ? new StatusRoute(StatusResource.List, list, "")
            : At(StatusResource.None);

    private static StatusRoute OfKey(ReadOnlySpan<char> keyId) =>
        keyId.Length == KeyIdLength && !keyId.ContainsAnyExcept(LowerHexadecimal) ? new StatusRoute(StatusResource.Crl, 0, keyId.ToString()) : At(StatusResource.None);

    private static StatusRoute At(StatusResource resource) => new(resource, 0, "");
}
