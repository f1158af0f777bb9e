using System.Collections.Immutable;
using System.Globalization;
using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>One of <c>templates</c>, on its own.</summary>
/// <param name="ttls">How long SVIDs may live.</param>
/// <param name="attestors">Which evidence is taken.</param>
internal sealed class TemplateSection(SvidTtlRule ttls, AttestorsOptions attestors)
{
    private const int MaxSubtaskTemplates = 64;

    /// <summary>What of a template says something of tasks alone: written at a standing one it would be believed in force.</summary>
    private static readonly ImmutableArray<string> OfTasks =
    [
        "boundaries", "binding", "inherit", "on_exit", "on_change", "on_violation", "approval", "reattest_every", "automatic", "max_depth", "max_live", "max_children",
        "subtask_templates", "subject", "residue",
    ];

    private static readonly ImmutableArray<string> OfStanding = ["reason", "review_by"];

    /// <summary>The template; null where something else than a mapping stands there. What is at fault has its default, which is never in force.</summary>
    public WrittenTemplate? Read(Section section)
    {
        if (section.IsBroken) return null;
        string? name = ReadName(section);
        string? owner = section.Required("owner", "write who answers for it: a team, an address") is { } value ? ReadLine(value) : null;
        SelectorSet? starters = SelectorsReader.Read(section, attestors, "start", "template");
        AuthorizationDetails? grants = GrantsReader.Read(section, "grants");
        TemplateClass kind = section.Choice("class", TemplateClass.Task, [("task", TemplateClass.Task), ("persistent", TemplateClass.Persistent)]);
        DateOnly? reviewBy = ReadReview(section, kind);
        string reason = ReadReason(section, kind);
        IReadOnlyList<Value> subtasks = section.Distinct("subtask_templates", MaxSubtaskTemplates, _ => true, "", "");
        Section subject = section.Child("subject");
        IReadOnlyList<Value> issuers = subject.Distinct("issuers", SubjectsSection.MaxIssuers, _ => true, "", "");
        SubjectRule onBehalf = new() { IsRequired = subject.Switch("required", false), Issuers = [.. issuers.Select(issuer => issuer.Text)] };
        subject.RefuseUnknownKeys();
        TaskTemplate template = ReadRest(section, new TaskTemplate { Name = name ?? "", Owner = owner ?? "", Starters = starters ?? SelectorSet.Empty, Ceiling = grants ?? AuthorizationDetails.None }, grants);
        foreach (string key in kind == TemplateClass.Task ? OfStanding : OfTasks)
        {
            if (section.Raw(key) is not { } written) continue;
            string problem = kind == TemplateClass.Task ? "is of persistent templates: an identity of a task does not stand" : "is of tasks, and a persistent template has none";
            section.Faults.Add(written.Place, section.Path.Key(key), null, problem, kind == TemplateClass.Task ? "remove it, or write 'class: persistent'" : "remove it");
        }

        section.RefuseUnknownKeys();
        string origin = string.Create(CultureInfo.InvariantCulture, $"{section.Faults.File}:{section.Place.Line}");
        return new WrittenTemplate(
            template with { Class = kind, SubtaskTemplates = [.. subtasks.Select(subtask => subtask.Text)], Subject = onBehalf, Reason = reason, ReviewBy = reviewBy, Origin = origin },
            section,
            subtasks,
            issuers);
    }

    private TaskTemplate ReadRest(Section section, TaskTemplate template, AuthorizationDetails? grants)
    {
        TaskLifetimes lifetimes = LifetimesSection.Read(section.Child("lifetimes"), ttls);
        return template with
        {
            Purpose = section.Single("purpose") is { } purpose ? ReadLine(purpose) ?? "" : "",
            Audiences = section.DistinctTexts("audiences", GrantLimits.MaxItems, TermText.IsValid, "is not an audience", TermText.Remedy),
            Boundaries = section.DistinctTexts("boundaries", GrantLimits.MaxItems, TermText.IsValid, "is not the name of a boundary", TermText.Remedy),
            Lifetimes = lifetimes,
            Binding = section.Choice("binding", template.Binding, [("process", BindingKind.Process), ("cgroup", BindingKind.Cgroup), ("systemd", BindingKind.Systemd), ("container", BindingKind.Container)]),
            Inherit = section.Choice("inherit", template.Inherit, [("none", Inheritance.None), ("cgroup", Inheritance.Cgroup)]),
            OnExit = section.Choice("on_exit", template.OnExit, [("failed", ExitMeaning.Failed), ("by_status", ExitMeaning.ByStatus), ("completed", ExitMeaning.Completed)]),
            OnChange = section.Choice("on_change", template.OnChange, [("suspend", ChangeResponse.Suspend), ("reattest", ChangeResponse.Reattest), ("revoke", ChangeResponse.Revoke)]),
            OnViolation = section.Choice("on_violation", template.OnViolation, [("suspend", ViolationResponse.Suspend), ("deny", ViolationResponse.Deny), ("revoke", ViolationResponse.Revoke)]),
            Approval = ApprovalSection.Read(section.Child("approval"), grants),
            Residue = ResidueSection.Read(section.Child("residue")),
            ReattestEvery = ReadInterval(section, lifetimes.Deadline),
            IsAutomatic = section.Switch("automatic", template.IsAutomatic),
            IsDefaultIdentity = section.Switch("default_identity", template.IsDefaultIdentity),
            MaxDepth = section.Number("max_depth", template.MaxDepth, 0, 16),
            MaxLive = section.Number("max_live", template.MaxLive, 1, 100_000),
            MaxChildren = section.Number("max_children", template.MaxChildren, 0, 10_000),
        };
    }

    private static TimeSpan? ReadInterval(Section section, TimeSpan deadline)
    {
        TimeSpan? interval = section.OptionalDuration("reattest_every", TimeSpan.FromSeconds(5), TimeSpan.FromDays(1));
        if (interval >= deadline && section.Single("reattest_every") is { } value) value.Fault($"never comes: the task ends before it, at its deadline ({DurationText.Format(deadline)})", "shorten it");
        return interval;
    }

    private static string? ReadName(Section section)
    {
        const string Remedy = "write 1 to 64 characters of [a-zA-Z0-9._-]: it is a segment of the tasks' SPIFFE IDs as it is";
        if (section.Required("name", Remedy) is not { } value) return null;
        bool good = value.Text.Length is > 0 and <= TaskTemplate.MaxNameLength && !value.Text.Contains('/', StringComparison.Ordinal)
            && SpiffeId.TryParse("spiffe://example.org/" + value.Text, out _, out _);
        if (good) return value.Text;
        value.Fault("is not the name of a template", Remedy);
        return null;
    }

    private static string ReadReason(Section section, TemplateClass kind)
    {
        if (kind == TemplateClass.Task) return "";
        return section.Required("reason", "write why the access must stand, for whoever reviews it") is { } value ? ReadLine(value) ?? "" : "";
    }

    private static DateOnly? ReadReview(Section section, TemplateClass kind)
    {
        const string Remedy = "write a day, such as 2027-01-31, on which somebody looks at it again";
        if (kind == TemplateClass.Task || section.Required("review_by", Remedy) is not { } value) return null;
        if (!DateOnly.TryParseExact(value.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            value.Fault("is not a day", Remedy);
            return null;
        }

        DateOnly today = DateOnly.FromDateTime(section.Now.UtcDateTime);
        if (day < today) value.Warn("is over: this identity is not served", "look at whether its access must stand, then write a later day, or remove the template");
        else if (day > today.AddYears(1)) value.Warn("is more than a year ahead: an exception that nobody looks at becomes the rule", "write a day within a year");
        return day;
    }

    private static string? ReadLine(Value value)
    {
        if (PlainText.IsValid(value.Text)) return value.Text;
        value.Fault("is no line of text", PlainText.Remedy);
        return null;
    }
}
