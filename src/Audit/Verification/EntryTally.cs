using Spiffe.Agent.Audit.Verification.Bodies;

namespace Spiffe.Agent.Audit.Verification;

/// <summary>Counts the entries that were read.</summary>
internal sealed class EntryTally
{
    private DateTimeOffset _first;
    private DateTimeOffset _last;

    public long Entries { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Bodies that are there.</summary>
    public long Bodies { get; private set; }

    /// <summary>Bodies that are not.</summary>
    public long Erased { get; private set; }

    public (DateTimeOffset First, DateTimeOffset Last)? Times => Entries == 0 ? null : (_first, _last);

    public void Add(DateTimeOffset at, int bytes)
    {
        if (Entries++ == 0) _first = at;
        _last = at;
        Bytes += bytes;
    }

    public void Add(BodyState body)
    {
        if (body == BodyState.Open) Bodies++;
        if (body == BodyState.Erased) Erased++;
    }
}
