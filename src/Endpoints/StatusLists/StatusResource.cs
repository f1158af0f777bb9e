namespace Spiffe.Agent.Endpoints.StatusLists;

/// <summary>What is served.</summary>
internal enum StatusResource
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A Status List Token: <c>/status/{number}</c>.</summary>
    List,

    /// <summary>What a status list said at another time; not served.</summary>
    Past,

    /// <summary>The keys that check Status List Tokens: <c>/status/keys</c>.</summary>
    Keys,

    /// <summary>A revocation list: <c>/crl</c>, <c>/crl/{key identifier}</c>.</summary>
    Crl,
}
