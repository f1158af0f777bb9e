using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>entries</c>: each on its own, and then what they may not be together.</summary>
internal sealed class EntriesSection(TrustDomain? trustDomain, SvidTtlRule ttls, AttestorsOptions attestors, EntryOrigin? origin = null)
{
    /// <summary>Longest hint, in bytes of UTF-8. Workload API §8.</summary>
    private const int MaxHintBytes = 1024;

    /// <summary>Begins the hint of a task's identity in the Workload API; its id follows.</summary>
    private const string TaskHint = "task:";

    private const int MaxDnsNames = 100;
    private const int MaxPriority = 1_000_000;

    private readonly Dictionary<(IdTemplate, SelectorSet), Section> _seen = [];
    private readonly Dictionary<Entry, Section> _sections = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Entry, Value> _hints = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads the list of a file, or of what stands for one.</summary>
    public ImmutableArray<Entry> Read(Section file)
    {
        ImmutableArray<Entry>.Builder entries = ImmutableArray.CreateBuilder<Entry>();
        foreach (Section section in file.Children("entries"))
        {
            if (ReadEntry(section) is { } entry) entries.Add(entry);
        }

        CheckHints(entries);
        return entries.DrainToImmutable();
    }

    /// <summary>Holds what was read against entries that count as well, as if they stood in front of it. Answers those that stay.</summary>
    /// <remarks>An entry that those have too is theirs, with a warning; a hint that one caller could get twice is a fault.</remarks>
    public ImmutableArray<Entry> Against(ImmutableArray<Entry> others, ImmutableArray<Entry> read)
    {
        Dictionary<(IdTemplate, SelectorSet), Entry> known = others.ToDictionary(e => (e.Id, e.Selectors));
        ImmutableArray<Entry>.Builder stay = ImmutableArray.CreateBuilder<Entry>();
        foreach (Entry entry in read)
        {
            if (known.TryGetValue((entry.Id, entry.Selectors), out Entry? other))
            {
                Section section = _sections[entry];
                section.Faults.Warn(section.Place, section.Path, entry.Id.Text, $"does not count: {other.Origin} grants the same id to the same selectors", "nothing: it is left out of this file with the next change");
            }
            else
            {
                stay.Add(entry);
            }
        }

        CheckHints(others.Concat(stay));
        return stay.DrainToImmutable();
    }

    private void CheckHints(IEnumerable<Entry> entries)
    {
        foreach (HintConflict conflict in HintRule.Check(entries))
        {
            if (!_hints.TryGetValue(conflict.Entry, out Value? hint)) continue;
            if (conflict.Other is null)
            {
                hint.Fault($"is the hint of {conflict.Count} entries that name no kind of selector in common", "give them different hints, or a unix:uid each");
            }
            else
            {
                string place = _hints.TryGetValue(conflict.Other, out Value? other) ? Told(other.Path, other.Place) : $"the hint of {conflict.Other.Origin}";
                hint.Fault($"is {place} too, and one caller could match both", "give each its own hint (Workload API §5.2.1)");
            }
        }
    }

    private static string Told(KeyPath path, YamlPlace place) => place.Line == 0 ? path.ToString() : string.Create(CultureInfo.InvariantCulture, $"{path} on line {place.Line}");

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

        Entry entry = new(id, selectors, origin ?? EntryOrigin.File(section.Faults.File, section.Place.Line))
        {
            X509Ttl = x509Ttl,
            JwtTtl = jwtTtl,
            WitTtl = witTtl,
            DnsNames = dnsNames,
            Hint = hint?.Text,
            Priority = priority,
        };
        if (!_seen.TryAdd((id, selectors), section))
        {
            Section first = _seen[(id, selectors)];
            section.Faults.Add(section.Place, section.Path, id.Text, $"grants the same id to the same selectors as {Told(first.Path, first.Place)}", "keep one of them");
            return null;
        }

        _sections.Add(entry, section);

        if (hint is not null) _hints.Add(entry, hint);
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
        else if (value.Text.StartsWith(TaskHint, StringComparison.Ordinal)) value.Fault($"begins with {TaskHint}, as the hints of tasks' identities do", "write another word");
        else return value;
        return null;
    }
}
