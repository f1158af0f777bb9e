using System.Diagnostics.CodeAnalysis;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tasks;

/// <summary>The SPIFFE IDs of tasks: <c>spiffe://TRUST_DOMAIN/agent/TEMPLATE/task/ID</c>. Told apart by whole segments, never by a prefix.</summary>
/// <param name="Template">The template's name.</param>
/// <param name="Id">The task.</param>
public readonly record struct TaskSpiffeId(string Template, TaskId Id)
{
    private const string Agent = "/agent/";
    private const string Task = "/task/";

    /// <summary>Where persistent templates live: <c>/svc/TEMPLATE</c>, visibly another place.</summary>
    private const string Service = "/svc/";

    /// <summary>The ID of a task.</summary>
    public SpiffeId In(TrustDomain trustDomain)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        return SpiffeId.Parse(string.Concat(trustDomain.Id.ToString(), Agent, Template, string.Concat(Task, Id.ToString())));
    }

    /// <summary>The ID of a persistent template.</summary>
    public static SpiffeId OfService(TrustDomain trustDomain, string template)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        return SpiffeId.Parse(string.Concat(trustDomain.Id.ToString(), Service, template));
    }

    /// <summary>Reads a task's ID.</summary>
    public static bool TryParse(SpiffeId id, [NotNullWhen(true)] out TaskSpiffeId? task)
    {
        ArgumentNullException.ThrowIfNull(id);
        task = null;
        string[] segments = id.Path.Split('/');
        if (segments is not ["", "agent", { } template, "task", { } text] || !TaskId.TryParse(text, out TaskId? taskId)) return false;
        task = new TaskSpiffeId(template, taskId);
        return true;
    }
}
