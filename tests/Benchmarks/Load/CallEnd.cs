namespace Spiffe.Agent.Tests.Benchmarks.Load;

/// <summary>When the client counts a call as answered.</summary>
internal enum CallEnd
{
    /// <summary>By the server's trailers.</summary>
    Trailers,

    /// <summary>By the first message; the client then resets the stream, as one that has what it wanted does.</summary>
    FirstMessage,
}
