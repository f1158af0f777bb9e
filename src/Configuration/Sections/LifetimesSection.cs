using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>lifetimes</c> of a template.</summary>
internal static class LifetimesSection
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestTask = TimeSpan.FromDays(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TaskLifetimes Read(Section section, SvidTtlRule ttls)
    {
        TaskLifetimes defaults = new();
        TimeSpan deadline = section.Duration("deadline", defaults.Deadline, Least, LongestTask);
        TimeSpan lease = section.OptionalDuration("lease", Least, LongestLease) ?? (defaults.Lease < deadline ? defaults.Lease : deadline);
        TaskLifetimes lifetimes = new()
        {
            X509Ttl = Ttl("x509_ttl", defaults.X509Ttl),
            JwtTtl = Ttl("jwt_ttl", defaults.JwtTtl),
            WitTtl = Ttl("wit_ttl", defaults.WitTtl),
            ActionTtl = section.Duration("action_ttl", defaults.ActionTtl, Second, TaskLifetimes.MaxActionTtl),
            Lease = lease,
            Renewal = section.Choice("renewal", defaults.Renewal, [("automatic", Renewal.Automatic), ("explicit", Renewal.Explicit)]),
            Idle = section.OptionalDuration("idle", Second, LongestTask),
            Active = section.OptionalDuration("active", Second, LongestTask),
            Deadline = deadline,
        };
        RefuseLonger(section, "lease", lifetimes.Lease, deadline);
        RefuseLonger(section, "idle", lifetimes.Idle, deadline);
        RefuseLonger(section, "active", lifetimes.Active, deadline);
        section.RefuseUnknownKeys();
        return lifetimes;

        // What is written and never reached is said; defaults are cut silently.
        TimeSpan Ttl(string key, TimeSpan otherwise)
        {
            if (ttls.Read(section, key) is not { } written) return ttls.Default(otherwise);
            if (written > lease) section.Single(key)!.Warn($"is never reached: no credential outlives the lease ({DurationText.Format(lease)})", "shorten it, or raise the lease");
            return written;
        }
    }

    private static void RefuseLonger(Section section, string key, TimeSpan? read, TimeSpan deadline)
    {
        if (read > deadline && section.Has(key)) section.Single(key)!.Fault($"is longer than the deadline ({DurationText.Format(deadline)}), at which the task ends", "shorten it, or raise the deadline");
    }
}
