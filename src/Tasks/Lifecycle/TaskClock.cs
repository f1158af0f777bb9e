namespace Spiffe.Agent.Tasks.Lifecycle;

/// <summary>The clocks of a task, most final first: where several are due at once, the first is the cause.</summary>
public enum TaskClock
{
    /// <summary>From its start to its end, whatever happens.</summary>
    Deadline,

    /// <summary>Since it was last attested and decided.</summary>
    Lease,

    /// <summary>At work in all.</summary>
    Active,

    /// <summary>At work without doing anything.</summary>
    Idle,
}
