using Spiffe.Agent.Replay.Findings;
using Spiffe.Agent.Replay.Policies;
using Spiffe.Agent.Replay.Records;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Replay;

/// <summary>Which policies and templates are in force: the texts in the log are those whose digests decisions name.</summary>
internal sealed class ConfigurationRules(ReplayContext context)
{
    public void Apply(in ReplayEntry entry)
    {
        switch (entry.Kind)
        {
            case RecordKind.PolicySource:
                long source = entry.Data.Number(RecordMember.Source) ?? -1, part = entry.Data.Number(RecordMember.Part) ?? -1, parts = entry.Data.Number(RecordMember.Parts) ?? -1;
                Check(entry, context.Policies.AddPart(entry.Data.Text(RecordMember.Policy), entry.Data.Text(RecordMember.Name), source, part, parts, entry.Data.Text(RecordMember.Text)));
                break;
            case RecordKind.PoliciesLoaded:
                Check(entry, context.Policies.Load(entry.Data.Text(RecordMember.Policy), entry.Data.Texts(RecordMember.Sources), entry.At));
                break;
            case RecordKind.TemplateLoaded:
                AuthorizationDetails? ceiling = null;
                if (entry.Data.Has(RecordMember.Grants) && !context.Grants.TryRead(entry.Data.Raw(RecordMember.Grants), out ceiling)) context.Break(ReplayRule.MalformedEntry, entry.Seq, "", "the grants of a template are not canonical authorization details");
                context.Templates.Add(entry.Data.Text(RecordMember.Template), new LoadedTemplate(entry.Data.Text(RecordMember.Owner), entry.Data.Utf8(RecordMember.Class).SequenceEqual("task"u8), ceiling));
                break;
            case RecordKind.ConfigurationLoaded:
                context.Templates.Loaded(entry.At);
                break;
        }
    }

    private void Check(in ReplayEntry entry, string fault)
    {
        if (fault.Length > 0) context.Break(ReplayRule.PolicyChanged, entry.Seq, "", $"policies {entry.Data.Text(RecordMember.Policy)}: {fault}");
    }
}
