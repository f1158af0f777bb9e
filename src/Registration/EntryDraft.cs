using System.Collections.Immutable;
using System.Globalization;

namespace Spiffe.Agent.Registration;

/// <summary>An entry as somebody wrote it, before anybody judged it: every value is a text, and null where none was written.</summary>
public sealed record EntryDraft
{
    /// <summary>A path such as <c>/web</c>, or a whole SPIFFE ID.</summary>
    public string? Id { get; init; }

    /// <summary>Such as <c>unix:uid:1001</c>, each.</summary>
    public ImmutableArray<string> Selectors { get; init; } = [];

    /// <summary>Lifetime of X509-SVIDs, such as <c>30m</c>.</summary>
    public string? X509Ttl { get; init; }

    /// <summary>Lifetime of JWT-SVIDs.</summary>
    public string? JwtTtl { get; init; }

    /// <summary>Lifetime of WIT-SVIDs.</summary>
    public string? WitTtl { get; init; }

    /// <summary>DNS names of X509-SVIDs.</summary>
    public ImmutableArray<string> DnsNames { get; init; } = [];

    /// <summary>A word to the workload.</summary>
    public string? Hint { get; init; }

    /// <summary>A whole number.</summary>
    public string? Priority { get; init; }

    /// <summary>The draft that reads back as this entry.</summary>
    public static EntryDraft Of(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new EntryDraft
        {
            Id = entry.Id.Text,
            Selectors = [.. entry.Selectors.Select(s => s.ToString())],
            X509Ttl = Seconds(entry.X509Ttl),
            JwtTtl = Seconds(entry.JwtTtl),
            WitTtl = Seconds(entry.WitTtl),
            DnsNames = entry.DnsNames,
            Hint = entry.Hint,
            Priority = entry.Priority == 0 ? null : entry.Priority.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static string? Seconds(TimeSpan? ttl) => ttl is { } time ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalSeconds}s") : null;
}
