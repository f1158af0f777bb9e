using System.Collections.Immutable;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Registration;
using Spiffe.Agent.Tasks;
using Spiffe.Agent.Tasks.Grants;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>templates</c>: each on its own, and then what they may not be together and beside the rest of the file.</summary>
internal sealed class TemplatesSection(TrustDomain? trustDomain, SvidTtlRule ttls, AttestorsOptions attestors, TasksOptions tasks)
{
    /// <summary>Most templates. Ours: each is looked at when a process that could start it calls.</summary>
    private const int MaxTemplates = 1000;

    /// <summary>How many cuts of one template's grants are told; nobody reads more.</summary>
    private const int MaxCutsTold = 8;

    /// <param name="file">The file.</param>
    /// <param name="entries">All entries that count.</param>
    public ImmutableArray<TaskTemplate> Read(Section file, ImmutableArray<Entry> entries)
    {
        TemplateSection one = new(ttls, attestors);
        Dictionary<string, WrittenTemplate> byName = new(StringComparer.Ordinal);
        List<WrittenTemplate> all = [];
        foreach (Section section in file.Children("templates"))
        {
            if (one.Read(section) is not { } written) continue;
            all.Add(written);
            if (written.Template.Name.Length == 0) continue; // Its fault is told.
            if (byName.Count == MaxTemplates) written.Fault("name", "is one template too many", $"write at most {MaxTemplates}");
            else if (!byName.TryAdd(written.Template.Name, written)) written.Fault("name", $"is the name of another template: {byName[written.Template.Name].Template.Origin}", "give each a name of its own");
        }

        foreach (WrittenTemplate written in all)
        {
            CheckBinding(written);
            CheckSubtasks(written, byName);
            CheckIssuers(written);
            CheckCeiling(written);
            CheckIdentity(written, entries);
        }

        CheckAutomatic(all);
        return [.. all.Where(written => ReferenceEquals(byName.GetValueOrDefault(written.Template.Name), written)).Select(written => written.Template)];
    }

    private static void CheckBinding(WrittenTemplate written)
    {
        TaskTemplate template = written.Template;
        bool isProcess = template.Binding == BindingKind.Process;
        if (isProcess && template.Inherit == Inheritance.Cgroup) written.Fault("inherit", "asks for the processes around the bound one, and the template binds a process alone", "write 'binding: cgroup', systemd or container");
        if (!template.IsAutomatic) return;
        if (isProcess) written.Fault("automatic", "has nothing to begin with: a process is not a run of anything", "write 'binding: systemd', container or cgroup");
        if (template.Lifetimes.Renewal == Renewal.Explicit) written.Fault("automatic", "is for work that knows nothing of tasks, which cannot renew its lease", "remove 'renewal: explicit'");
        if (template.Subject.IsRequired) written.Fault("automatic", "is for work that knows nothing of tasks, which cannot say on whose behalf it is done", "remove 'subject.required'");
    }

    private static void CheckSubtasks(WrittenTemplate written, Dictionary<string, WrittenTemplate> byName)
    {
        foreach (Value value in written.Subtasks)
        {
            if (byName.TryGetValue(value.Text, out WrittenTemplate? other))
            {
                if (other.Template.Class == TemplateClass.Persistent) value.Fault("is a persistent template, which has no tasks", "name one of tasks");
                continue;
            }

            string hint = Suggestion.Nearest(value.Text, byName.Keys) is { } nearest ? $"did you mean '{nearest}'?" : "write the template, or remove it here";
            value.Fault("is no template of this file", hint);
        }
    }

    private void CheckIssuers(WrittenTemplate written)
    {
        string[] known = [.. tasks.Subjects.Select(subject => subject.Issuer)];
        foreach (Value value in written.Issuers.Where(value => !known.Contains(value.Text, StringComparer.Ordinal)))
        {
            string hint = Suggestion.Nearest(value.Text, known) is { } nearest ? $"did you mean '{nearest}'?" : "write it into tasks.subjects, with its keys";
            value.Fault("is no issuer of tasks.subjects", hint);
        }

        if (written.Template.Subject.IsRequired && known.Length == 0) written.Fault("subject", "asks for an assertion, and no issuer's would count: nobody could start it", "write an issuer into tasks.subjects, with its keys");
    }

    /// <summary>What a template promises and the operator's ceiling takes back is allowed, and most likely a mistake in one of the two.</summary>
    private void CheckCeiling(WrittenTemplate written)
    {
        if (tasks.Ceiling is not { } ceiling) return;
        foreach (DroppedGrant cut in GrantMeet.Of(written.Template.Ceiling, new GrantCeiling("tasks.ceiling", ceiling)).Dropped.Take(MaxCutsTold))
        {
            written.Warn("grants", $"is cut by tasks.ceiling: {cut.Reason}", "narrow the grant, or widen tasks.ceiling");
        }
    }

    /// <summary>A standing identity comes from its template alone.</summary>
    private void CheckIdentity(WrittenTemplate written, ImmutableArray<Entry> entries)
    {
        if (trustDomain is null || written.Template.Class != TemplateClass.Persistent || written.Template.Name.Length == 0) return;
        string id = TaskSpiffeId.OfService(trustDomain, written.Template.Name).ToString();
        string place = id[..(id.LastIndexOf('/') + 1)];
        if (entries.FirstOrDefault(entry => IsSame(entry.Id, id, place)) is { } entry) written.Fault("name", $"makes the identity {id}, which the entry of {entry.Origin} grants too", "give one of them another name");
    }

    private static bool IsSame(IdTemplate entry, string id, string place) =>
        string.Equals(entry.Text, id, StringComparison.Ordinal)
        || (entry.Text.StartsWith(place + "{", StringComparison.Ordinal) && !entry.Text[place.Length..].Contains('/', StringComparison.Ordinal));

    private static void CheckAutomatic(IEnumerable<WrittenTemplate> all)
    {
        Dictionary<SelectorSet, WrittenTemplate> seen = [];
        foreach (WrittenTemplate written in all.Where(written => written.Template is { IsAutomatic: true, Starters.Count: > 0 }))
        {
            if (!seen.TryAdd(written.Template.Starters, written)) written.Fault("start", $"is that of the automatic template of {seen[written.Template.Starters].Template.Origin} too: which one would begin?", "tell them apart by another selector");
        }
    }
}
