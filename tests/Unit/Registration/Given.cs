using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Tests.Unit.Registration;

/// <summary>Entries and selectors in few words.</summary>
internal static class Given
{
    public static TrustDomain Domain { get; } = TrustDomain.Parse("example.org");

    public static SelectorSet Selectors(params string[] texts) => new(texts.Select(Parse));

    public static Entry Entry(string id, params string[] selectors) => new(Template(id), Selectors(selectors), EntryOrigin.Admin);

    public static Entry Entry(string id, int priority, params string[] selectors) => new(Template(id), Selectors(selectors), EntryOrigin.Admin) { Priority = priority };

    public static IdTemplate Template(string text) =>
        IdTemplate.TryParse(text, Domain, out IdTemplate? template, out string? fault) ? template : throw new ArgumentException(fault);

    public static string[] Ids(IEnumerable<Grant> grants) => [.. grants.Select(g => g.Id.Path)];

    private static Selector Parse(string text) => Selector.TryParse(text, out Selector selector, out string? fault) ? selector : throw new ArgumentException(fault);
}
