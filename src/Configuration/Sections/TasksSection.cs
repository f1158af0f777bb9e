using Spiffe.Agent.Identity;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary><c>tasks</c>.</summary>
internal static class TasksSection
{
    public static TasksOptions Read(Section section, TrustDomain? trustDomain)
    {
        AuthorizationDetails? ceiling = section.Has("ceiling") ? GrantsReader.Read(section, "ceiling") : null;
        TasksOptions options = new()
        {
            Ceiling = ceiling,
            MaxLive = section.Number("max_live", 10_000, 1, 100_000),
            RememberEnded = section.Number("remember_ended", 1_000, 0, 100_000),
            StatusList = section.Has("status_list") ? StatusListSection.Read(section.Child("status_list")) : null,
            Subjects = SubjectsSection.Read(section, trustDomain),
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
