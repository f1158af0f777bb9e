using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Tasks;

/// <summary>Standing access: persistent templates are entries with an end, so that they are matched, rotated, shown and withdrawn as entries are.</summary>
public static class StandingEntries
{
    /// <summary>Those that are served at this moment; each ends with its review day, UTC.</summary>
    public static IEnumerable<Entry> Of(TemplateSnapshot templates, TrustDomain trustDomain, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(templates);
        foreach (TaskTemplate template in templates.All)
        {
            if (template.Class != TemplateClass.Persistent || !template.IsServedAt(now)) continue;
            yield return new Entry(IdTemplate.Of(TaskSpiffeId.OfService(trustDomain, template.Name)), template.Starters, EntryOrigin.Template(template.Origin))
            {
                X509Ttl = template.Lifetimes.X509Ttl,
                JwtTtl = template.Lifetimes.JwtTtl,
                WitTtl = template.Lifetimes.WitTtl,
                Hint = $"standing:{template.Name}",
                EndsAt = EndOf(template.ReviewBy!.Value),
            };
        }
    }

    /// <summary>The first moment after a review day.</summary>
    public static DateTimeOffset EndOf(DateOnly reviewBy) => new(reviewBy.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
