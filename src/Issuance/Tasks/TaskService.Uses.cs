using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Tasks.Grants;

namespace Spiffe.Agent.Issuance.Tasks;

// What of the templates' rights is of use.
public sealed partial class TaskService
{
    /// <summary>An action was permitted. It could not have been without what the tasks above handed on, so their rights were of use, too. Under the family's gate.</summary>
    private void Used(LiveTask task, ActionQuestion question)
    {
        for (LiveTask? at = task; at is not null; at = at.Parent) _uses.Used(at.Template, question);
    }
}
