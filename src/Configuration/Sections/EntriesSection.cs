using System.Collections.Immutable;
using System.Text;
using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>entries</c>: each on its own, and then what they may not be together.</summary>
internal sealed class EntriesSection(TrustDomain? trustDomain, SvidTtlRule ttls, AttestorsOptions attestors)
{
    /// <summary>Longest hint, in bytes of UTF-8. Workload API §8.</summary>
    private const int MaxHintBytes = 1024;

    private const int MaxDnsNames = 100;
    private const int MaxPriority = 1_000_000;

    private readonly Dictionary<(IdTemplate, SelectorSet), int> _lines = [];
    private readonly HintRule _hints = new();

    public ImmutableArray<Entry> Read(Section file)
    {
        ImmutableArray<Entry>.Builder entries = ImmutableArray.CreateBuilder<Entry>();
        foreach (Section section in file.Children("entries"))
        {
            if (ReadEntry(section) is { } entry) entries.Add(entry);
        }

        _hints.Check();
        return entries.DrainToImmutable();
    }

    private Entry? ReadEntry(Section section)
    {
        if (section.IsBroken) return null;
        IdTemplate? id = ReadId(section);
        SelectorSet? selectors = SelectorsReader.Read(section, attestors);
        TimeSpan? x509Ttl = ttls.Read(section, "x509_ttl");
        TimeSpan? jwtTtl = ttls.Read(section, "jwt_ttl");
        TimeSpan? witTtl = ttls.Read(section, "wit_ttl");
        ImmutableArray<string> dnsNames = ReadDnsNames(section);
        Value? hint = ReadHint(section);
        int priority = section.Number("priority", 0, -MaxPriority, MaxPriority);
        section.RefuseUnknownKeys();
        if (id is null || selectors is null) return null;

        Entry entry = new(id, selectors, EntryOrigin.File(section.Faults.File, section.Place.Line))
        {
            X509Ttl = x509Ttl,
            JwtTtl = jwtTtl,
            WitTtl = witTtl,
            DnsNames = dnsNames,
            Hint = hint?.Text,
            Priority = priority,
        };
        if (!_lines.TryAdd((id, selectors), section.Place.Line))
        {
            string problem = $"grants the same id to the same selectors as the entry on line {_lines[(id, selectors)]}";
            section.Faults.Add(section.Place, section.Path, id.Text, problem, "keep one of them");
            return null;
        }

        if (hint is not null) _hints.Add(hint, selectors);
        return entry;
    }

    private IdTemplate? ReadId(Section section)
    {
        if (section.Required("id", "write 'id: /name', a path in the trust domain") is not { } value) return null;

        // Without a trust domain only a bare path can be judged.
        TrustDomain domain = trustDomain ?? TrustDomain.Parse("unknown");
        if (trustDomain is null && !value.Text.StartsWith('/')) return null;
        if (!IdTemplate.TryParse(value.Text, domain, out IdTemplate? id, out string? fault))
        {
            value.Fault(fault, "write a path such as /web, or a whole SPIFFE ID of this trust domain");
            return null;
        }

        foreach (SelectorKind kind in id.Placeholders)
        {
            if (SelectorCatalog.FindPlaceholder(kind) is { } wrong) value.Fault(wrong.Problem, wrong.Remedy);
        }

        return id;
    }

    private static ImmutableArray<string> ReadDnsNames(Section section)
    {
        List<string> names = [];
        foreach (Value value in section.Texts("dns_names"))
        {
            string name = value.Text.ToLowerInvariant();
            if (!DnsName.IsValid(name)) value.Fault("is not a DNS name", DnsName.Remedy);
            else if (names.Contains(name, StringComparer.Ordinal)) value.Fault("is listed twice", "keep one of them");
            else if (names.Count == MaxDnsNames) value.Fault($"is one name too many: a certificate carries at most {MaxDnsNames} here", "split the entry");
            else names.Add(name);
        }

        return [.. names];
    }

    private static Value? ReadHint(Section section)
    {
        if (section.Single("hint") is not { } value) return null;
        int bytes = Encoding.UTF8.GetByteCount(value.Text);
        if (bytes == 0) value.Fault("is empty", "write a word, or remove the key");
        else if (bytes > MaxHintBytes) value.Fault($"is {bytes} bytes long", $"a hint has at most {MaxHintBytes} (Workload API §8)");
        else return value;
        return null;
    }
}
