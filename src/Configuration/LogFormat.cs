namespace Spiffe.Agent.Configuration;

/// <summary>How a line of the log is written.</summary>
public enum LogFormat
{
    /// <summary><c>text</c>: for people.</summary>
    Text,

    /// <summary><c>json</c>: one object on each line.</summary>
    Json,
}
