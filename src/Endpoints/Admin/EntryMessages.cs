using Google.Protobuf.WellKnownTypes;
using Spiffe.Agent.Protocols.Admin;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Endpoints.Admin;

/// <summary>Entries as the wire has them, and back.</summary>
internal static class EntryMessages
{
    /// <summary>Without <paramref name="showSecrets"/>, selectors of environment variables end behind the name.</summary>
    public static Protocols.Admin.Entry Of(Registration.Entry entry, bool showSecrets)
    {
        Protocols.Admin.Entry message = new()
        {
            Name = entry.Name,
            SpiffeId = entry.Id.Text,
            X509Ttl = Duration(entry.X509Ttl),
            JwtTtl = Duration(entry.JwtTtl),
            WitTtl = Duration(entry.WitTtl),
            Hint = entry.Hint ?? "",
            Priority = entry.Priority,
            Origin = entry.Origin.ToString(),
            OriginKind = Kind(entry.Origin.Kind),
        };
        message.Selectors.AddRange(entry.Selectors.Select(s => showSecrets ? s.ToString() : SelectorSecrecy.Shown(s)));
        message.DnsNames.AddRange(entry.DnsNames);
        return message;
    }

    public static Protocols.Admin.EntryFault Of(Registration.EntryFault fault) =>
        new() { Key = fault.Key, Line = fault.Line, Column = fault.Column, Value = fault.Value ?? "", Problem = fault.Problem, Remedy = fault.Remedy };

    /// <summary>An empty text is one that was not written.</summary>
    public static EntryDraft Draft(EntrySpec spec) => new()
    {
        Id = Written(spec.Id),
        Selectors = [.. spec.Selectors],
        X509Ttl = Written(spec.X509Ttl),
        JwtTtl = Written(spec.JwtTtl),
        WitTtl = Written(spec.WitTtl),
        DnsNames = [.. spec.DnsNames],
        Hint = Written(spec.Hint),
        Priority = Written(spec.Priority),
    };

    /// <summary>The draft with one field as in the message; null for a field that there is not.</summary>
    public static EntryDraft? With(EntryDraft draft, EntrySpec spec, string field) => field switch
    {
        "id" => draft with { Id = Written(spec.Id) },
        "selectors" => draft with { Selectors = [.. spec.Selectors] },
        "x509_ttl" => draft with { X509Ttl = Written(spec.X509Ttl) },
        "jwt_ttl" => draft with { JwtTtl = Written(spec.JwtTtl) },
        "wit_ttl" => draft with { WitTtl = Written(spec.WitTtl) },
        "dns_names" => draft with { DnsNames = [.. spec.DnsNames] },
        "hint" => draft with { Hint = Written(spec.Hint) },
        "priority" => draft with { Priority = Written(spec.Priority) },
        _ => null,
    };

    /// <summary><c>file</c>, <c>admin</c> or <c>dev</c>.</summary>
    public static string Kind(EntryOriginKind kind) => kind switch
    {
        EntryOriginKind.File => "file",
        EntryOriginKind.Admin => "admin",
        _ => "dev",
    };

    private static string? Written(string text) => text.Length == 0 ? null : text;

    private static Duration? Duration(TimeSpan? ttl) => ttl is { } time ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(time) : null;
}
