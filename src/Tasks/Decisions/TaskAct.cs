namespace Spiffe.Agent.Tasks.Decisions;

/// <summary>What is decided about: the actions of the schema.</summary>
public enum TaskAct
{
    Start,
    Spawn,
    Use,
    Renew,
    Resume,
    Update,
}
