using Spiffe.Agent.Issuance.Tasks.Live;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Tasks.Templates;

namespace Spiffe.Agent.Issuance.Offboarding;

/// <summary>What a template's words mean for one task.</summary>
internal static class SearchOf
{
    public static ResiduePlan Plan(LiveTask task)
    {
        ResidueRule rule = task.Template.Residue;
        uint user = task.Binding.Process.Peer.UserId;
        return new ResiduePlan
        {
            Paths = [.. rule.Paths.Select(path => path.For(task.Id, task.Template.Name, user)!)],
            Artifacts = [.. rule.Artifacts.Select(path => path.For(task.Id, task.Template.Name, user)!)],
            Environments = rule.Environments switch
            {
                SurvivorRule.Task => Survivors.Task,
                SurvivorRule.User => Survivors.User,
                _ => Survivors.None,
            },
            Journal = rule.Journal,
            CoreDumps = rule.CoreDumps,
            MaxBytes = rule.MaxBytes,
            MaxFiles = rule.MaxFiles,
            Within = rule.Within,
        };
    }

    /// <summary>Whose work it was, as far as that can be seen now; of a process that is gone, what was seen when it was bound.</summary>
    public static ResidueSubject Subject(LiveTask task, TimeProvider time)
    {
        TaskBinding binding = task.Binding;
        string cgroup = binding.CgroupPath;
        return new ResidueSubject
        {
            Processes = [.. binding.Survivors],
            Cgroup = cgroup,
            UserId = binding.Process.Peer.UserId,
            Unit = UnitOf(cgroup),
            Directory = task.Template.Residue.CoreDumps ? DirectoryOf(binding) : "",
            EndedAt = time.GetTimestamp(),
            Since = task.StartedAt,
        };
    }

    /// <summary>The last unit on the way to the cgroup: of a service of a user, that one and not the user's manager.</summary>
    private static string UnitOf(string cgroup) =>
        cgroup.Split('/').LastOrDefault(segment => segment.EndsWith(".service", StringComparison.Ordinal) || segment.EndsWith(".scope", StringComparison.Ordinal)) ?? "";

    private static string DirectoryOf(TaskBinding binding)
    {
        try
        {
            string directory = ResidueSubject.DirectoryOf(binding.Process.Peer.ProcessId);
            return binding.Process.Peer.IsAlive ? directory : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            return "";
        }
    }
}
