using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>A template as far as it could be read, and where the parts of it stand that are held against the others.</summary>
/// <param name="Template">What it says.</param>
/// <param name="Section">Where it stands.</param>
/// <param name="Subtasks"><c>subtask_templates</c>.</param>
/// <param name="Issuers"><c>subject.issuers</c>.</param>
internal sealed record WrittenTemplate(TaskTemplate Template, Section Section, IReadOnlyList<Value> Subtasks, IReadOnlyList<Value> Issuers)
{
    public void Fault(string key, string problem, string remedy) => Section.Faults.Add(Section.Raw(key)?.Place ?? Section.Place, Section.Path.Key(key), null, problem, remedy);

    public void Warn(string key, string problem, string remedy) => Section.Faults.Warn(Section.Raw(key)?.Place ?? Section.Place, Section.Path.Key(key), null, problem, remedy);
}
