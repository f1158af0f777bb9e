using System.CommandLine;
using System.CommandLine.Parsing;
using Spiffe.Agent.Protocols.Admin;

namespace Spiffe.Agent.Cli.Entries;

/// <summary>The fields of an entry as flags. What they hold is judged by the agent, by the rules of its configuration.</summary>
internal sealed class EntryFields
{
    private readonly Option<string?> _id = Text("--id", "ID", "A path in the trust domain such as /web, or a whole SPIFFE ID of it");
    private readonly Option<string[]> _selectors = Texts("--selector", "TYPE:KEY:VALUE", "What a caller must hold, such as unix:uid:1001; repeat it: all must hold");
    private readonly Option<string?> _x509Ttl = Text("--x509-ttl", "DURATION", "Lifetime of X509-SVIDs, such as 30m");
    private readonly Option<string?> _jwtTtl = Text("--jwt-ttl", "DURATION", "Lifetime of JWT-SVIDs");
    private readonly Option<string?> _witTtl = Text("--wit-ttl", "DURATION", "Lifetime of WIT-SVIDs");
    private readonly Option<string[]> _dnsNames = Texts("--dns-name", "NAME", "A DNS name of the X509-SVIDs; repeat it for several");
    private readonly Option<string?> _hint = Text("--hint", "TEXT", "A word to the workload about the use of this identity");
    private readonly Option<string?> _priority = Text("--priority", "NUMBER", "Higher comes first; the first identity is the default one");

    private EntryFields(Command command)
    {
        foreach (Option option in All) command.Add(option);
    }

    private Option[] All => [_id, _selectors, _x509Ttl, _jwtTtl, _witTtl, _dnsNames, _hint, _priority];

    public static EntryFields AddTo(Command command) => new(command);

    /// <summary>The flag that wrote the value at <paramref name="key"/>, such as <c>entries[0].selectors[1]</c>; empty when it is the entry as a whole.</summary>
    public static string FlagOf(string key)
    {
        string field = key[(key.LastIndexOf('.') + 1)..];
        int bracket = field.IndexOf('[', StringComparison.Ordinal);
        return (bracket < 0 ? field : field[..bracket]) switch
        {
            "selectors" => "--selector",
            "dns_names" => "--dns-name",
            "update_mask" or "names" or "entries" => "",
            "" => "",
            var name => $"--{name.Replace('_', '-')}",
        };
    }

    /// <summary>Fields that were written, by the names that the agent has for them.</summary>
    public IReadOnlyList<string> Written(SymbolResult parsed) => [.. All.Where(o => parsed.GetResult(o) is { Implicit: false }).Select(FieldOf)];

    public EntrySpec Read(ParseResult parsed)
    {
        EntrySpec spec = new()
        {
            Id = parsed.GetValue(_id) ?? "",
            X509Ttl = parsed.GetValue(_x509Ttl) ?? "",
            JwtTtl = parsed.GetValue(_jwtTtl) ?? "",
            WitTtl = parsed.GetValue(_witTtl) ?? "",
            Hint = parsed.GetValue(_hint) ?? "",
            Priority = parsed.GetValue(_priority) ?? "",
        };
        spec.Selectors.AddRange(parsed.GetValue(_selectors) ?? []);
        spec.DnsNames.AddRange(parsed.GetValue(_dnsNames) ?? []);
        return spec;
    }

    private string FieldOf(Option option) =>
        option == _selectors ? "selectors" : option == _dnsNames ? "dns_names" : option.Name.TrimStart('-').Replace('-', '_');

    private static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    private static Option<string[]> Texts(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };
}
