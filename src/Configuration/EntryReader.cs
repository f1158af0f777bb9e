using Spiffe.Agent.Configuration.Files;
using Spiffe.Agent.Configuration.Sections;
using Spiffe.Agent.Configuration.Yaml;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration;

/// <summary>Reads entries that are given over the admin socket, by the very code that reads those of the configuration file.</summary>
/// <param name="options">What the file said: its trust domain, lifetimes and attestors hold for these entries too.</param>
public sealed class EntryReader(AgentOptions options) : IEntryReader
{
    private static readonly YamlPlace Nowhere = new(0, 0);

    public EntryReading Read(IReadOnlyList<EntryDraft> drafts)
    {
        YamlSequence list = new(Nowhere, [.. drafts.Select(Tree)]);
        return Read(new YamlMapping(Nowhere, [new(Text("entries"), list)]), new FaultList(""));
    }

    public EntryReading Read(ReadOnlySpan<byte> document)
    {
        FaultList faults = new("");
        YamlNode? root = TextDecoder.Decode(document, faults) is { } text ? YamlReader.Read(text, faults) : null;
        return faults.IsEmpty ? Read(root, faults) : Finish([], faults);
    }

    private EntryReading Read(YamlNode? root, FaultList faults)
    {
        Section file = Section.Root(root, new ReadContext(faults, null, "/"));
        EntriesSection section = new(options.TrustDomain, new SvidTtlRule(options.Authority.CaTtl), options.Attestors, EntryOrigin.Admin);
        IReadOnlyList<Entry> entries = section.Read(file);
        file.RefuseUnknownKeys();
        if (entries.Count == 0 && faults.IsEmpty) faults.Add("holds no entries", "write 'entries:' and a list below it, as in the configuration");
        return Finish(entries, faults);
    }

    private static EntryReading Finish(IReadOnlyList<Entry> entries, FaultList faults) =>
        new(faults.IsEmpty ? [.. entries] : [], [.. faults.Faults().Select(Told)], [.. faults.Warnings().Select(Told)]);

    private static EntryFault Told(ConfigurationFault fault) => new(fault.Key, fault.Line, fault.Column, fault.Value, fault.Problem, fault.Remedy);

    private static YamlMapping Tree(EntryDraft draft)
    {
        List<KeyValuePair<YamlScalar, YamlNode>> members = [];
        Add("id", draft.Id);
        AddAll("selectors", draft.Selectors);
        Add("x509_ttl", draft.X509Ttl);
        Add("jwt_ttl", draft.JwtTtl);
        Add("wit_ttl", draft.WitTtl);
        AddAll("dns_names", draft.DnsNames);
        Add("hint", draft.Hint);
        Add("priority", draft.Priority);
        return new YamlMapping(Nowhere, members);

        void Add(string key, string? text)
        {
            if (text is not null) members.Add(new(Text(key), Text(text)));
        }

        void AddAll(string key, IReadOnlyList<string> texts)
        {
            if (texts.Count > 0) members.Add(new(Text(key), new YamlSequence(Nowhere, [.. texts.Select(Text)])));
        }
    }

    private static YamlScalar Text(string text) => new(Nowhere, text, IsPlain: false) { IsLiteral = true };
}
