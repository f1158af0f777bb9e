namespace Spiffe.Agent.Tasks.Templates;

/// <summary>Whether an identity lives as long as a task, or stands.</summary>
public enum TemplateClass
{
    /// <summary>Identities of tasks.</summary>
    Task,

    /// <summary>The exception: an identity without a task, with an owner, a reason and a review date at which it stops.</summary>
    Persistent,
}
